// The report of a check as one JSON document, written result by result: it may be larger than memory. It stands alone, as every form
// of the report does.
import { isPassed } from '../check-result.ts'
import { jsonPieces } from '../json-pieces.ts'
import type { Reporter } from './report.ts'

/** The version of this form. Fields are added, never renamed. */
const SCHEMA = 1

/** Makes the document. */
export function jsonReporter(): Reporter {
  let count = 0
  let passed = true
  return {
    *result(result) {
      yield count === 0 ? `{"schema":${SCHEMA},"results":[\n` : ',\n'
      count += 1
      passed &&= isPassed(result)
      yield* jsonPieces({ ...result, passed: isPassed(result) })
    },
    *end() {
      yield `${count === 0 ? `{"schema":${SCHEMA},"results":[` : ''}\n],"passed":${passed}}\n`
    },
  }
}
