// UTF-8 (RFC 3629): bytes in, and where they stop being valid.

/** Where bytes stop being UTF-8. */
export interface Utf8Fault {
  /** Bytes of the whole code points before it. */
  readonly validLength: number
  /** The first byte that cannot be where it is; the number of bytes if they end inside a code point. */
  readonly offset: number
}

/**
 * Up to this many bytes, a walk through them costs less than a call of the decoder (126 bytes of Chinese text: 0.35 µs against
 * 0.6 µs).
 */
const WALKED = 128
/** Bytes decoded at a time, so that a long text makes no long string. */
const PIECE = 65_536

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The first fault; undefined if the bytes are UTF-8. */
export function utf8Fault(bytes: Uint8Array): Utf8Fault | undefined {
  if (bytes.length <= WALKED) return walk(bytes, 0, bytes.length)
  for (let at = 0; at < bytes.length; ) {
    const end = pieceEnd(bytes, at)
    if (!decodes(bytes.subarray(at, end))) {
      const fault = walk(bytes, at, end)
      if (fault !== undefined) return fault
    }
    at = end
  }
  return undefined
}

function decodes(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** The end of a piece that starts at `at`: before the first byte of a code point, if there is one. */
function pieceEnd(bytes: Uint8Array, at: number): number {
  const end = at + PIECE
  if (end >= bytes.length) return bytes.length
  for (let back = 0; back < 4; back++) if ((bytes[end - back]! & 0xc0) !== 0x80) return end - back
  return end
}

function walk(bytes: Uint8Array, start: number, end: number): Utf8Fault | undefined {
  let at = asciiEnd(bytes, start, end)
  while (at < end) {
    const lead = bytes[at]!
    if (lead < 0x80) {
      at = asciiEnd(bytes, at + 1, end)
      continue
    }
    const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
    if (length === 0) return { validLength: at, offset: at }
    for (let i = 1; i < length; i++) {
      const next = at + i < end ? bytes[at + i]! : -1
      // RFC 3629 §4: the second byte's range excludes overlong forms, surrogates and code points past U+10FFFF.
      const low = i > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
      const high = i > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
      if (next < low || next > high) return { validLength: at, offset: at + i }
    }
    at += length
  }
  return undefined
}

/** Where ASCII ends, or up to seven bytes before. Eight bytes at a time cost half as much as one at a time. */
function asciiEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  for (const last = end - 8; at <= last; at += 8) {
    const some = bytes[at]! | bytes[at + 1]! | bytes[at + 2]! | bytes[at + 3]!
    if ((some | bytes[at + 4]! | bytes[at + 5]! | bytes[at + 6]! | bytes[at + 7]!) > 0x7f) return at
  }
  return at
}
