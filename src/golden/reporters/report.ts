// What every form of the report of a check is.
import type { CheckResult } from '../check-result.ts'

/** Text to print after each result, and at the end of all: made while it is printed. No result is kept. */
export interface Reporter {
  result(result: CheckResult): Iterable<string>
  end(): Iterable<string>
}
