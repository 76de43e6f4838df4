// What framewalk walk gets: captures, or the bytes of frames as hex (as words, in a file, or on standard input).
import { existsSync } from 'node:fs'
import { concat } from '../base/bytes.ts'
import { parseHex } from '../base/hex-input.ts'
import { InputError } from '../base/input-error.ts'
import { hexFaultWords } from '../language/en/hex-fault.ts'
import { identitiesOf } from '../platform/node/file-identity.ts'
import { type Input, openInputs } from '../platform/node/input.ts'
import { refuseStandardOutput } from './terminal/output.ts'

/** Most bytes of hex text in a file or on standard input. */
const LONGEST_HEX = 1024 * 1024

export type WalkSource =
  | { readonly kind: 'capture'; readonly inputs: readonly Input[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

/** Looks at the words, and into the files that they name. Throws InputError if they are neither, or standard output goes into one. */
export async function walkSource(words: readonly string[]): Promise<WalkSource> {
  if (words.some((word) => word !== '-' && !existsSync(word))) {
    const pasted = parseHex(words.join(' '))
    if ('bytes' in pasted) return { kind: 'bytes', bytes: pasted.bytes }
    const missing = words.find((word) => word !== '-' && !existsSync(word))!
    throw new InputError(`${missing}: no such file, and not hex either: ${hexFaultWords(pasted.fault)}`)
  }
  refuseStandardOutput(identitiesOf(words))
  const inputs = await openInputs(words)
  if (inputs.length !== 1) return { kind: 'capture', inputs }
  const { input, start } = await peek(inputs[0]!)
  const text = textOf(start)
  const pasted = text === undefined ? undefined : parseHex(text)
  if (pasted === undefined || !('bytes' in pasted)) return { kind: 'capture', inputs: [input] }
  await input.chunks[Symbol.asyncIterator]().return?.()
  return { kind: 'bytes', bytes: pasted.bytes }
}

/** Reads the start of an input, or all of it if it is a short text. Returns an input that still has it. */
async function peek(input: Input): Promise<{ input: Input; start: Uint8Array }> {
  const chunks = input.chunks[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  for (let length = 0; length < LONGEST_HEX; ) {
    const { value, done } = await chunks.next()
    if (done === true) break
    read.push(value.slice())
    length += value.length
    if (textOf(value) === undefined) break
  }
  const start = concat(read)
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
  return { input: { ...input, chunks: again }, start }
}

/** The bytes as ASCII text. Undefined if they are something else, as the first bytes of a capture are. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  return /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : undefined
}
