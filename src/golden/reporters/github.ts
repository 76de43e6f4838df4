// The report of a check as workflow commands of GitHub: an annotation on the golden file for each difference.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
import { escapeText } from '../../render/text/escape.ts'
import { type CheckResult, isPassed, outcomeOf } from '../check-result.ts'
import { violationLine } from '../conformance.ts'
import { differencesText, differenceTitle } from '../difference-text.ts'

/** GitHub shows ten annotations for a step. */
const SHOWN = 10
const LOOK = { width: 200, color: false }

/** The annotations of a capture. '' if it passed. */
export function githubReport(result: CheckResult): string {
  if (isPassed(result)) return ''
  const { violations, golden, capture, status, error } = result
  const differences = status === 'different' ? result.differences : []
  const unread =
    error === undefined || status === 'unreadable'
      ? []
      : [{ title: 'not all of it was read', text: escapeText(error) }]
  const total = unread.length + differences.length + violations.length
  const file = status === 'different' ? golden : capture
  if (total === 0) return command(file, 'framewalk check', escapeText(outcomeOf(result)))
  const shown = [
    ...unread,
    ...differences.slice(0, SHOWN - 1).map((difference) => ({
      title: differenceTitle(difference),
      text: differencesText([difference], LOOK),
    })),
    ...violations
      .slice(0, SHOWN - 1)
      .map((violation) => ({ title: violation.code, text: escapeText(violationLine(violation)) })),
  ].slice(0, SHOWN - 1)
  const notes = shown.map(({ title, text }) => command(file, `${capture}: ${title}`, text))
  const more = total - notes.length
  const last = more === 0 ? '' : command(file, capture, `${more} more: ${escapeText(outcomeOf(result))}`)
  return notes.join('') + last
}

function command(file: string, title: string, text: string): string {
  return `::error file=${property(escapeText(file))},title=${property(escapeText(title))}::${data(text.trimEnd())}\n`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
