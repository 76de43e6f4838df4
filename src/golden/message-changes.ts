// What exactly is different in a message: by JSONPath, if both are JSON.
import { valueChanges } from './changes.ts'
import type { Change } from './difference.ts'
import type { GoldenMessage } from './golden.ts'
import { parseJson } from './json-text.ts'
import { spellingOf } from './spelling.ts'

/** The changes from one message to another of the same side. At least one if they differ. */
export function messageChanges(expected: GoldenMessage, actual: GoldenMessage): Change[] {
  const flags = (['incomplete', 'invalidText'] as const).flatMap((flag) =>
    expected[flag] === actual[flag] ? [] : [{ path: flag, expected: expected[flag], actual: actual[flag] }],
  )
  return [...contentChanges(expected, actual), ...flags]
}

function contentChanges(expected: GoldenMessage, actual: GoldenMessage): Change[] {
  const { text: left, bytes: leftBytes } = expected
  const { text: right, bytes: rightBytes } = actual
  if (left !== undefined && right !== undefined) return left === right ? [] : textChanges(left, right)
  if (leftBytes !== undefined && rightBytes !== undefined) return bytesChanges(leftBytes, rightBytes)
  const kindOf = ({ text, bytes }: GoldenMessage): string =>
    text !== undefined ? 'text' : bytes === undefined ? 'nothing' : 'binary'
  const content = ({ text, bytes }: GoldenMessage): unknown => text ?? bytes?.hex
  const kinds = { path: 'kind', expected: kindOf(expected), actual: kindOf(actual) }
  return kinds.expected === kinds.actual
    ? []
    : [kinds, { path: 'content', expected: content(expected), actual: content(actual) }]
}

function textChanges(left: string, right: string): Change[] {
  const [before, after] = [parseJson(left), parseJson(right)]
  if (before === undefined || after === undefined) return [{ path: 'text', expected: left, actual: right }]
  const changes = valueChanges(before, after, '$')
  const spellings = { path: 'spelling', expected: spellingOf(left, before), actual: spellingOf(right, after) }
  if (changes.length > 0) return spellings.expected === spellings.actual ? changes : [...changes, spellings]
  return [{ path: 'text', expected: left, actual: right }]
}

function bytesChanges(
  left: NonNullable<GoldenMessage['bytes']>,
  right: NonNullable<GoldenMessage['bytes']>,
): Change[] {
  return (['length', 'hex', 'sha256'] as const).flatMap((name) =>
    left[name] === right[name]
      ? []
      : [{ path: name === 'hex' ? 'binary' : name, expected: left[name], actual: right[name] }],
  )
}
