// The report of a check, for a person or for a CI system: results in, text out.
import type { CheckResult } from '../check-result.ts'
import type { Look } from '../difference-text.ts'
import { githubReport } from './github.ts'
import { jsonReport } from './json.ts'
import { junitReport } from './junit.ts'
import { resultText, summaryText } from './text.ts'

export const REPORTER_NAMES = ['text', 'junit', 'github', 'json'] as const

export type ReporterName = (typeof REPORTER_NAMES)[number]

/** Text to print after each result, and at the end of all. */
export interface Reporter {
  result(result: CheckResult): string
  end(results: readonly CheckResult[]): string
}

/** The reporter of a name. */
export function makeReporter(name: ReporterName, look: Look): Reporter {
  if (name === 'text')
    return { result: (result) => resultText(result, look), end: (results) => summaryText(results, look) }
  if (name === 'github') return { result: githubReport, end: () => '' }
  return { result: () => '', end: name === 'junit' ? junitReport : jsonReport }
}
