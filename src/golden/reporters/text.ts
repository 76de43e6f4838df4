// The report of a check, for a person.
import { count } from '../../render/text/amount.ts'
import { escapeText } from '../../render/text/escape.ts'
import { paintWith } from '../../render/text/style.ts'
import { wrap } from '../../render/text/wrap.ts'
import { type CheckResult, type CheckStatus, isError, isPassed, outcomeOf } from '../check-result.ts'
import { violationLine } from '../conformance.ts'
import { differencesText, type Look } from '../difference-text.ts'
import type { Reporter } from './report.ts'

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

/** Makes the text. */
export function textReporter(look: Look): Reporter {
  const outcomes = { total: 0, failed: 0, different: 0, missing: 0 }
  return {
    result(result) {
      outcomes.total += 1
      if (!isPassed(result)) outcomes.failed += 1
      if (result.status === 'different') outcomes.different += 1
      if (result.status === 'missing') outcomes.missing += 1
      return [resultText(result, look)]
    },
    end: () => [summaryText(outcomes, look)],
  }
}

/** The result of a capture: one line, and below it the differences. */
function resultText(result: CheckResult, look: Look): string {
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

/** How many captures came to what. */
interface Outcomes {
  readonly total: number
  readonly failed: number
  readonly different: number
  readonly missing: number
}

/** The sum of all results, and what to do about them. */
function summaryText({ total, failed, different, missing }: Outcomes, look: Look): string {
  const paint = paintWith(look.color)
  const line =
    failed === 0 ? `${count(total, 'capture')}: all well` : `${count(total, 'capture')}: ${failed} failed`
  const hints = [
    different > 0 && 'To accept what changed: framewalk check --update',
    missing > 0 && 'To make a golden file: framewalk check --update',
  ].filter((hint) => hint !== false)
  return `${paint(failed === 0 ? 'green' : 'red', line)}\n${hints.map((hint) => `${hint}\n`).join('')}`
}
