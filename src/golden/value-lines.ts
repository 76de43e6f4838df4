// An expected and an actual value as lines: `-` was expected, `+` is there. Long texts are cut to the part that differs. Of texts
// with several lines, the lines that differ are shown. All captured text goes through escapeText.
import { diffLines } from 'diff'
import { escapeUnits } from '../base/unseen-characters.ts'
import { escapeText } from '../render/text/escape.ts'
import { quoteJson } from '../render/text/json-text.ts'
import type { Paint } from '../render/text/style.ts'
import { displayWidth } from '../render/text/width.ts'
import { jsonStart } from './json-pieces.ts'

/** How many columns of a long text are shown before its first difference. */
const BEFORE = 24
/** Columns of `- ` and `+ `. */
const SIGN = 2
/** If more lines of a text differ, only its start is shown. */
const MOST_LINES = 40
/** Of longer texts, lines are not compared: splitting them takes many times their memory. */
const LONGEST_LINES = 256 * 1024
/** UTF-16 units of a text that are looked at around its first difference: more than any line shows. */
const LOOKED_AT = 16 * 1024

/** The lines, escaped, each in at most `width` columns. Undefined: there is no value. */
export function valueLines(expected: unknown, actual: unknown, width: number, paint: Paint): string[] {
  if (typeof expected === 'string' && typeof actual === 'string') {
    if (expected.includes('\n') || actual.includes('\n')) {
      const lines = changedLines(expected, actual, width, paint)
      if (lines !== undefined) return lines
    }
    const [left, right] = aroundDifference(expected, actual)
    return textLines(quoteJson(left), quoteJson(right), width, paint)
  }
  if (expected !== undefined && actual !== undefined)
    return textLines(spelled(expected), spelled(actual), width, paint)
  return [
    ...(expected === undefined ? [] : [signed('-', spelled(expected), width, paint)]),
    ...(actual === undefined ? [] : [signed('+', spelled(actual), width, paint)]),
  ]
}

function spelled(value: unknown): string {
  return jsonStart(value, LOOKED_AT)
}

/** Both texts, or of long ones the part around their first difference: what is before and after it is out of sight. */
function aroundDifference(expected: string, actual: string): [expected: string, actual: string] {
  if (Math.max(expected.length, actual.length) <= 2 * LOOKED_AT) return [expected, actual]
  const start = wholeCharacter(expected, Math.max(0, commonStart(expected, actual) - LOOKED_AT))
  return [expected.slice(start, start + 2 * LOOKED_AT), actual.slice(start, start + 2 * LOOKED_AT)]
}

/** How many units two texts have in common at their start. */
function commonStart(expected: string, actual: string): number {
  const shorter = Math.min(expected.length, actual.length)
  let start = 0
  while (start < shorter && expected.charCodeAt(start) === actual.charCodeAt(start)) start += 1
  return start
}

function signed(sign: '-' | '+', text: string, width: number, paint: Paint): string {
  return paint(sign === '-' ? 'red' : 'green', `${sign} ${escapeText(text, width)}`)
}

/** Both texts, cut at the same place if they have a long start in common. */
function textLines(expected: string, actual: string, width: number, paint: Paint): string[] {
  if (looksLike(expected, actual)) return textLines(asciiJson(expected), asciiJson(actual), width, paint)
  const start = commonStart(expected, actual)
  const cut = [expected, actual].some((text) => isCut(text, width - SIGN)) ? startOfShown(expected, start) : 0
  const shown = (text: string): string => (cut > 0 ? `…${text.slice(cut)}` : text)
  return [signed('-', shown(expected), width, paint), signed('+', shown(actual), width, paint)]
}

/** True for different texts that look the same: `é` as one character or as two, a no-break space, a full-width letter. */
function looksLike(expected: string, actual: string): boolean {
  return expected !== actual && expected.normalize('NFKC') === actual.normalize('NFKC')
}

function asciiJson(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, escapeUnits)
}

function isCut(text: string, width: number): boolean {
  return text.length > width || displayWidth(escapeText(text)) > width
}

/** From where a text is shown that differs from `start` on. */
function startOfShown(text: string, start: number): number {
  const end = wholeCharacter(text, start)
  let from = end
  while (from > 0) {
    const before = wholeCharacter(text, from - 1)
    if (displayWidth(escapeText(text.slice(before, end))) > BEFORE) break
    from = before
  }
  return from <= 1 ? 0 : from
}

/** The lines that differ. Undefined if there are too many. */
function changedLines(expected: string, actual: string, width: number, paint: Paint): string[] | undefined {
  if (Math.max(expected.length, actual.length) > LONGEST_LINES) return undefined
  const changes = diffLines(expected, actual, { maxEditLength: MOST_LINES })
  if (changes === undefined) return undefined
  const spell = looksLike(expected, actual) ? (line: string) => asciiJson(quoteJson(line)) : quoteJson
  const lines: string[] = []
  let number = 1
  let isInside = false
  for (const { value, added, removed, count } of changes) {
    const isChange = added || removed
    if (isChange && !isInside) lines.push(`line ${number}`)
    isInside = isChange
    if (isChange) {
      for (const line of value.split(/(?<=\n)/))
        lines.push(signed(added ? '+' : '-', spell(line), width, paint))
    }
    if (!added) number += count
  }
  return lines
}

/** `at`, or one less if it would cut a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit < 0xe000 ? at - 1 : at
}
