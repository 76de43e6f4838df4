// The report of a check as JUnit XML: one test case for each capture. It obeys the schema of Jenkins (junit-10.xsd of its
// xunit-plugin).
import { escapeText } from '../../render/text/escape.ts'
import { type CheckResult, isError, isPassed, outcomeOf } from '../check-result.ts'
import { violationLine } from '../conformance.ts'
import { differencesText } from '../difference-text.ts'
import type { Reporter } from './report.ts'

const LOOK = { width: 160, color: false }
/** Characters of all test cases that are kept until their number is known. Of further ones, only the outcome is told. */
const MOST_TEXT = 16 * 2 ** 20

/** Makes the document, which starts with the sums. */
export function junitReporter(): Reporter {
  const sums = { tests: 0, failures: 0, errors: 0, skipped: 0 }
  const cases: string[] = []
  let room = MOST_TEXT
  return {
    result(result) {
      sums.tests += 1
      if (isError(result)) sums.errors += 1
      else if (!isPassed(result)) sums.failures += 1
      else if (result.status === 'ungolden') sums.skipped += 1
      const text = testCase(result, room)
      room -= text.length
      cases.push(text)
      return []
    },
    *end() {
      const { tests, failures, errors, skipped } = sums
      const counts = `tests="${tests}" failures="${failures}" errors="${errors}"`
      yield '<?xml version="1.0" encoding="UTF-8"?>\n'
      yield `<testsuites name="framewalk" ${counts}>\n`
      yield `  <testsuite name="framewalk check" ${counts} skipped="${skipped}">\n`
      for (const text of cases) yield `${text}\n`
      yield '  </testsuite>\n</testsuites>\n'
    },
  }
}

/** `room`: characters that the details of a failure may take. */
function testCase(result: CheckResult, room: number): string {
  const slash = result.capture.lastIndexOf('/')
  const folder = slash < 0 ? '.' : result.capture.slice(0, slash)
  const head = `    <testcase classname="${attribute(folder)}" name="${attribute(result.capture.slice(slash + 1))}"`
  const message = attribute(outcomeOf(result))
  if (isPassed(result))
    return result.status === 'ungolden'
      ? `${head}>\n      <skipped message="${message}"/>\n    </testcase>`
      : `${head}/>`
  const element = isError(result) ? 'error' : 'failure'
  const type = result.status === 'equal' ? 'violation' : result.status
  const outcome = content(`${escapeText(outcomeOf(result))}\n`)
  const details = room > 0 ? content(detailsOf(result)) : ''
  const body = `${outcome}${details.length <= room ? details : '  the report is too long to say more\n'}`
  return `${head}>\n      <${element} type="${type}" message="${message}">${body}</${element}>\n    </testcase>`
}

function detailsOf(result: CheckResult): string {
  const lines = result.violations.map((violation) => `  ${escapeText(violationLine(violation))}\n`)
  if (result.error !== undefined && !isError(result)) lines.push(`  ${escapeText(result.error)}\n`)
  return `${differencesText(result.differences, LOOK)}${lines.join('')}`
}

function attribute(text: string): string {
  return content(escapeText(text)).replaceAll('"', '&quot;')
}

/** Control characters, which XML cannot hold, are already spelled out. */
function content(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
