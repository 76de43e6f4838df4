// The report of a check as one JSON document. It stands alone, as every form of the report does.
import { stringifyJson } from '../../render/text/json-text.ts'
import { type CheckResult, isPassed } from '../check-result.ts'

/** The version of this form. Fields are added, never renamed. */
const SCHEMA = 1

/** The whole document. */
export function jsonReport(results: readonly CheckResult[]): string {
  return `${stringifyJson({
    schema: SCHEMA,
    passed: results.every(isPassed),
    results: results.map((result) => ({ ...result, passed: isPassed(result) })),
  })}\n`
}
