// Small operations on byte arrays, for every stage. Platform neutral: no node: import, no Buffer.

/** No bytes. Shared, so that an empty payload costs no allocation. */
export const NO_BYTES: Uint8Array = new Uint8Array(0)

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The bytes `[start, end)` as lower-case hex digits, with `separator` between two bytes. */
export function toHex(bytes: Uint8Array, separator = '', start = 0, end = bytes.length): string {
  let text = ''
  for (let i = start; i < end; i++) text += (i > start ? separator : '') + HEX[bytes[i]!]
  return text
}

/** The bytes that `digits` spell. Unchecked: pass an even number of hex digits and nothing else. */
export function fromHex(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16)
  return bytes
}

/** Whether two byte arrays have the same length and the same bytes. */
export function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** A 32-bit word as eight lower-case hex digits. */
export function wordToHex(word: number): string {
  return HEX[word >>> 24]! + HEX[(word >>> 16) & 0xff]! + HEX[(word >>> 8) & 0xff]! + HEX[word & 0xff]!
}

/** The parts joined in order, in new memory. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** The big-endian 16-bit word at `at`, 0 … 65 535. */
export function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** The big-endian 32-bit word at `at`, 0 … 2^32-1. */
export function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** A copy of `[start, end)` in memory of its own, so that it does not keep the buffer of `bytes` alive. */
export function copy(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
  const copied = new Uint8Array(end - start)
  copied.set(bytes.subarray(start, end))
  return copied
}

/** The bytes `[start, end)` as one character each (ISO 8859-1). For text that is ASCII by its grammar. */
export function toLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = ''
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode.apply(
      null,
      bytes.subarray(at, Math.min(end, at + 4096)) as unknown as number[],
    )
  }
  return text
}

/** One byte for each character, which must be below U+0100. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/**
 * The byte array that was looked at last, with its buffer and its place in that buffer. A chunk of the capture holds thousands of
 * payloads, and asking for its buffer takes as long as making a view.
 */
let viewed: Uint8Array = NO_BYTES
let buffer: ArrayBufferLike = NO_BYTES.buffer
let origin = 0
let words = new DataView(buffer)

/** A DataView of the same bytes. Reading four bytes at a time through it is twice as fast as reading them one by one. */
export function wordsOf(bytes: Uint8Array): DataView {
  if (bytes !== viewed) lookAt(bytes)
  return words
}

/** The bytes `[start, end)` as a view, in half the time of `subarray`, which first looks up the class of Node's Buffers. */
export function viewOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (bytes !== viewed) lookAt(bytes)
  return new Uint8Array(buffer, origin + start, end - start)
}

function lookAt(bytes: Uint8Array): void {
  viewed = bytes
  buffer = bytes.buffer
  origin = bytes.byteOffset
  words = new DataView(buffer, origin, bytes.length)
}
