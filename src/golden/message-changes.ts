// What exactly is different in a message: by JSONPath, if both are JSON.
import { Changes } from './changes.ts'
import type { GoldenBytes, GoldenMessage } from './golden.ts'
import { parseJson } from './json-text.ts'
import { spellingOf } from './spelling.ts'

/** The changes from one message to another of the same side. At least one if they differ. */
export function messageChanges(expected: GoldenMessage, actual: GoldenMessage): Changes {
  const changes = new Changes()
  addContent(changes, expected, actual)
  for (const flag of ['incomplete', 'invalidText'] as const)
    if (expected[flag] !== actual[flag]) changes.add(flag, expected[flag], actual[flag])
  return changes
}

function addContent(changes: Changes, expected: GoldenMessage, actual: GoldenMessage): void {
  const { text: left, bytes: leftBytes } = expected
  const { text: right, bytes: rightBytes } = actual
  if (left !== undefined && right !== undefined) {
    if (left !== right) addTexts(changes, left, right)
  } else if (leftBytes !== undefined && rightBytes !== undefined) addBytes(changes, leftBytes, rightBytes)
  else if (kindOf(expected) !== kindOf(actual))
    changes
      .add('kind', kindOf(expected), kindOf(actual))
      .add('content', left ?? leftBytes?.hex, right ?? rightBytes?.hex)
}

function kindOf({ text, bytes }: GoldenMessage): string {
  return text !== undefined ? 'text' : bytes === undefined ? 'nothing' : 'binary'
}

function addTexts(changes: Changes, left: string, right: string): void {
  const [before, after] = [parseJson(left), parseJson(right)]
  if (before !== undefined && after !== undefined) {
    changes.addValues(before, after, '$')
    const spellings = [spellingOf(left, before), spellingOf(right, after)]
    if (!changes.isEmpty && spellings[0] !== spellings[1]) changes.add('spelling', spellings[0], spellings[1])
  }
  if (changes.isEmpty) changes.add('text', left, right)
}

function addBytes(changes: Changes, left: GoldenBytes, right: GoldenBytes): void {
  for (const name of ['length', 'hex', 'sha256'] as const)
    if (left[name] !== right[name]) changes.add(name === 'hex' ? 'binary' : name, left[name], right[name])
}
