// The report of a check as JUnit XML: one test case for each capture. It obeys the schema of Jenkins (junit-10.xsd of its
// xunit-plugin).
import { escapeText } from '../../render/text/escape.ts'
import { type CheckResult, isError, isPassed, outcomeOf } from '../check-result.ts'
import { violationLine } from '../conformance.ts'
import { differencesText } from '../difference-text.ts'

const LOOK = { width: 160, color: false }

/** The whole document. */
export function junitReport(results: readonly CheckResult[]): string {
  const errors = results.filter(isError).length
  const failures = results.filter((result) => !isPassed(result)).length - errors
  const skipped = results.filter((result) => isPassed(result) && result.status === 'ungolden').length
  const counts = `tests="${results.length}" failures="${failures}" errors="${errors}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="framewalk" ${counts}>`,
    `  <testsuite name="framewalk check" ${counts} skipped="${skipped}">`,
    ...results.map(testCase),
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n')
}

function testCase(result: CheckResult): string {
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
  const lines = result.violations.map((violation) => `  ${escapeText(violationLine(violation))}\n`)
  if (result.error !== undefined && !isError(result)) lines.push(`  ${escapeText(result.error)}\n`)
  const body = content(
    `${escapeText(outcomeOf(result))}\n${differencesText(result.differences, LOOK)}${lines.join('')}`,
  )
  return `${head}>\n      <${element} type="${type}" message="${message}">${body}</${element}>\n    </testcase>`
}

function attribute(text: string): string {
  return content(escapeText(text)).replaceAll('"', '&quot;')
}

/** Control characters, which XML cannot hold, are already spelled out. */
function content(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
