// What framewalk walk gets: captures, or the bytes of frames in any form that people paste (as words, in a file, or on standard
// input).
import { existsSync } from 'node:fs'
import { concat } from '../base/bytes.ts'
import { InputError } from '../base/input-error.ts'
import { pastedFaultWords } from '../language/en/pasted-words.ts'
import { LONGEST_TEXT, type Pasted, readPasted } from '../pasted/pasted.ts'
import type { PastedNote } from '../pasted/reading.ts'
import { identitiesOf } from '../platform/node/file-identity.ts'
import { type Input, openInputs } from '../platform/node/input.ts'
import { isText, textOf } from './pasted-text.ts'
import { refuseStandardOutput } from './terminal/output.ts'

export type WalkSource =
  /** `notBytes`: why the input, which is text, is not bytes either. */
  | { readonly kind: 'capture'; readonly inputs: readonly Input[]; readonly notBytes?: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly notes: readonly PastedNote[] }

/** Looks at the words, and into the files that they name. Throws InputError if they are neither, or standard output goes into one. */
export async function walkSource(words: readonly string[]): Promise<WalkSource> {
  if (words.some((word) => word !== '-' && !existsSync(word))) {
    const pasted = readPasted(words.join(' '))
    if ('bytes' in pasted) return { kind: 'bytes', ...pasted }
    const missing = words.find((word) => word !== '-' && !existsSync(word))!
    const fault = pastedFaultWords(pasted.fault)
    throw new InputError(`${missing}: no such file, and these are not bytes either: ${fault}`)
  }
  refuseStandardOutput(identitiesOf(words))
  const inputs = await openInputs(words)
  if (inputs.length !== 1) return { kind: 'capture', inputs }
  const { input, pasted } = await peek(inputs[0]!)
  if (pasted === undefined) return { kind: 'capture', inputs: [input] }
  if ('fault' in pasted && isUnknown(pasted))
    return { kind: 'capture', inputs: [input], notBytes: pastedFaultWords(pasted.fault) }
  await input.chunks[Symbol.asyncIterator]().return?.()
  if ('fault' in pasted) throw new InputError(`${input.name}: ${pastedFaultWords(pasted.fault)}`)
  return { kind: 'bytes', ...pasted }
}

/** True if the text has no form of bytes: what else it is, if not a capture, may be known. */
function isUnknown(pasted: Pasted): boolean {
  return 'fault' in pasted && ['character', 'element', 'long', 'nothing'].includes(pasted.fault.what)
}

/**
 * Reads the start of an input, or all of it if it is a text that is short enough. Returns an input that still has it, and how the text
 * reads; undefined if it is not a text.
 */
async function peek(input: Input): Promise<{ input: Input; pasted: Pasted | undefined }> {
  const chunks = input.chunks[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  // A character has up to three bytes for each unit of UTF-16.
  for (let length = 0; length <= 3 * LONGEST_TEXT; ) {
    const { value, done } = await chunks.next()
    if (done === true) break
    read.push(value.slice())
    length += value.length
    if (!isText(value, read[0]!)) break
  }
  const text = textOf(concat(read))
  // Not a generator: return() of a generator that never started would close nothing.
  const again: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => again,
    async next() {
      const value = read.shift()
      return value === undefined ? chunks.next() : { done: false, value }
    },
    async return() {
      await chunks.return?.()
      return { done: true, value: undefined }
    },
  }
  return { input: { ...input, chunks: again }, pasted: text === undefined ? undefined : readPasted(text) }
}
