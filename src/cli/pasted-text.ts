// Inputs that are text: which bytes may be one, and what to say if a text of bytes comes where a capture should.
import { InputError } from '../base/input-error.ts'
import { readPasted } from '../pasted/pasted.ts'
import type { Input } from '../platform/node/input.ts'

/** How much of an input is looked at. */
const LOOKED_AT = 64 * 1024

/** True if a chunk may be of a text in UTF-8, or in UTF-16 if `first`, the first chunk, says so. No capture starts like one. */
export function isText(chunk: Uint8Array, first: Uint8Array): boolean {
  return (
    isUtf16(first) || chunk.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
  )
}

/** The bytes as text. Undefined if they are something else, as the first bytes of a capture are. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || !isText(bytes, bytes)) return undefined
  try {
    // PowerShell writes UTF-16.
    return new TextDecoder(isUtf16(bytes) ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** An only input, watched: `explain` adds to an error that its text would be bytes for `walk`. */
export function watchedForBytes(inputs: readonly Input[]): {
  readonly inputs: readonly Input[]
  readonly explain: (error: unknown) => unknown
} {
  const [input, other] = inputs
  if (input === undefined || other !== undefined) return { inputs, explain: (error) => error }
  const chunks = input.chunks[Symbol.asyncIterator]()
  let start: Uint8Array | undefined
  const watched: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => watched,
    async next() {
      const result = await chunks.next()
      if (start === undefined && result.done !== true) start = result.value.slice(0, LOOKED_AT)
      return result
    },
    async return() {
      await chunks.return?.()
      return { done: true, value: undefined }
    },
  }
  const explain = (error: unknown): unknown => {
    if (!(error instanceof InputError) || start === undefined || !isBytes(start)) return error
    return new InputError(
      `${error.message}; its text is bytes, which this reads: framewalk walk ${input.name}`,
    )
  }
  return { inputs: [{ ...input, chunks: watched }], explain }
}

function isBytes(start: Uint8Array): boolean {
  const text = textOf(start)
  if (text === undefined) return false
  // What was cut off may have been a row, or a part of a number.
  const isCut = start.length === LOOKED_AT
  return 'bytes' in readPasted(isCut ? text.slice(0, text.lastIndexOf('\n') + 1) : text)
}

function isUtf16(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe
}
