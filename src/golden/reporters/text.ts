// The report of a check, for a person.
import { count } from '../../render/text/amount.ts'
import { escapeText } from '../../render/text/escape.ts'
import { paintWith } from '../../render/text/style.ts'
import { wrap } from '../../render/text/wrap.ts'
import { type CheckResult, type CheckStatus, isError, isPassed, outcomeOf } from '../check-result.ts'
import { violationLine } from '../conformance.ts'
import { differencesText, type Look } from '../difference-text.ts'

const LABELS: Readonly<Record<CheckStatus, string>> = {
  equal: 'equal',
  different: 'DIFFERENT',
  missing: 'MISSING',
  ungolden: 'no golden',
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  obsolete: 'OBSOLETE',
  unchecked: 'UNCHECKED',
  unreadable: 'UNREADABLE',
}
/** How many violations of one capture are shown. */
const SHOWN_VIOLATIONS = 100

/** The result of a capture: one line, and below it the differences. */
export function resultText(result: CheckResult, look: Look): string {
  const paint = paintWith(look.color)
  const passed = isPassed(result)
  const label =
    passed || LABELS[result.status].toUpperCase() === LABELS[result.status]
      ? LABELS[result.status]
      : 'VIOLATIONS'
  // Standard error says why.
  const outcome = isError(result) ? result.capture : `${result.capture}: ${outcomeOf(result)}`
  let text = `${paint(passed ? 'green' : 'red', label.padEnd(10))} ${escapeText(outcome)}\n`
  text += differencesText(result.differences, look)
  for (const violation of result.violations.slice(0, SHOWN_VIOLATIONS))
    text += wrap(escapeText(violationLine(violation)), look.width - 6)
      .map(indented)
      .join('')
  const more = result.violations.length - SHOWN_VIOLATIONS
  if (more > 0) text += `    and ${count(more, 'more violation')}\n`
  return text
}

function indented(line: string, i: number): string {
  return `${i === 0 ? '    ' : '      '}${line}\n`
}

/** The sum of all results, and what to do about them. */
export function summaryText(results: readonly CheckResult[], look: Look): string {
  const paint = paintWith(look.color)
  const failed = results.filter((result) => !isPassed(result)).length
  const total = count(results.length, 'capture')
  const line = failed === 0 ? `${total}: all well` : `${total}: ${failed} failed`
  const hints = [
    results.some(({ status }) => status === 'different') &&
      'To accept what changed: framewalk check --update',
    results.some(({ status }) => status === 'missing') && 'To make a golden file: framewalk check --update',
  ].filter((hint) => hint !== false)
  return `${paint(failed === 0 ? 'green' : 'red', line)}\n${hints.map((hint) => `${hint}\n`).join('')}`
}
