// What a frame must look like to be taken for one when its start is not known (RFC 6455 §5). Stricter than the decoder, which
// takes any frame: here a violation speaks against there being a frame at all.
import { Opcode } from '../base/events.ts'
import { closeCodeFault } from './close.ts'
import { fewestBits, type Header, lengthFormOf } from './header.ts'

/** Where a chain of frames is in its fragmented message (RFC 6455 §5.4): `unknown` until its first data frame. */
export type Fragmentation = 'unknown' | 'between' | 'within' | 'closed'

/** The longest payload, in bytes, that is believed: no known sender makes longer frames. */
const LONGEST_PLAUSIBLE = 2 ** 31

/** Payload bytes that are looked at: bounds the work per frame. */
export const SAMPLE = 128

/** For each first byte of a header, 1 if it is plausible, else 0. */
export function plausibleFirstBytes(rsv1Allowed: boolean): Uint8Array {
  const plausible = new Uint8Array(256)
  for (const opcode of [Opcode.continuation, Opcode.text, Opcode.binary]) {
    plausible[opcode] = plausible[0x80 | opcode] = 1
    if (rsv1Allowed && opcode !== Opcode.continuation) plausible[0x40 | opcode] = plausible[0xc0 | opcode] = 1
  }
  for (const opcode of [Opcode.close, Opcode.ping, Opcode.pong]) plausible[0x80 | opcode] = 1
  return plausible
}

/** The same for a header that was read, with RSV1 allowed. */
export function hasPlausibleBits({ fin, rsv1, rsv2, rsv3, opcode }: Header): boolean {
  if (rsv2 || rsv3) return false
  if (opcode >= Opcode.close) return fin && !rsv1 && opcode <= Opcode.pong
  return opcode <= Opcode.binary && !(rsv1 && opcode === Opcode.continuation)
}

/** Whether a header whose first byte is plausible can follow the frames before it, and has a length that a sender would write. */
export function isPlausible(header: Header, fragmentation: Fragmentation): boolean {
  // Otherwise a run of zeros would be a chain without an end.
  return isLawful(header, fragmentation) && (header.fin || header.payloadLength > 0)
}

/** The same for a frame that is known to start there: an unfinished fragment may be empty. */
export function isLawful(header: Header, fragmentation: Fragmentation): boolean {
  const { opcode, payloadLength } = header
  const lengthForm = lengthFormOf(header)
  if (fragmentation === 'closed') return false
  if (opcode >= Opcode.close) {
    return payloadLength <= 125 && lengthForm === 7 && !(opcode === Opcode.close && payloadLength === 1)
  }
  if (opcode === Opcode.continuation ? fragmentation === 'between' : fragmentation === 'within') return false
  return lengthForm === fewestBits(payloadLength) && payloadLength <= LONGEST_PLAUSIBLE
}

/** Where a chain is after this frame. */
export function fragmentationAfter(header: Header, before: Fragmentation): Fragmentation {
  if (header.opcode === Opcode.close) return 'closed'
  if (header.opcode > Opcode.binary) return before
  return header.fin ? 'between' : 'within'
}

/**
 * How many bits the first payload bytes `bytes[start … end)` speak for the frame, or -1 if they speak against it. `whole`: they
 * are the whole payload.
 */
export function contentEvidence(
  header: Header,
  bytes: Uint8Array,
  start: number,
  end: number,
  whole: boolean,
): number {
  const { opcode, maskingKey = 0 } = header
  const length = end - start
  if (header.rsv1) {
    // RFC 1951 §3.2.3: block type 3 is reserved.
    return length > 0 && (((bytes[start]! ^ (maskingKey >>> 24)) >>> 1) & 3) === 3 ? -1 : 0
  }
  if (opcode === Opcode.close) {
    if (length < 2) return 0
    const code = ((bytes[start]! << 8) | bytes[start + 1]!) ^ (maskingKey >>> 16)
    if (closeCodeFault(code) !== undefined) return -1
    const reason = printableBytes(bytes, start + 2, end, (maskingKey << 16) | (maskingKey >>> 16), whole)
    return reason < 0 ? -1 : 4 + textBits(reason, maskingKey)
  }
  if (opcode !== Opcode.text) return 0
  const printable = printableBytes(bytes, start, end, maskingKey, whole && header.fin)
  return printable < 0 ? -1 : textBits(printable, maskingKey)
}

/**
 * Bits for text. A wrong key does not make text, so masked text speaks for itself. Text without a mask may just as well be the
 * inside of a longer text.
 */
function textBits(printable: number, maskingKey: number): number {
  return maskingKey === 0 ? Math.min(6, printable / 4) : Math.min(24, printable)
}

/**
 * The number of printable characters, unmasked; -1 if the bytes are not UTF-8. A character cut at the end is allowed unless
 * `whole`.
 */
function printableBytes(bytes: Uint8Array, start: number, end: number, key: number, whole: boolean): number {
  let printable = 0
  /** Continuation bytes that must follow, and the range of the next one (RFC 3629 §4). */
  let owed = 0
  let low = 0x80
  let high = 0xbf
  let turned = key
  for (let at = start; at < end; at++) {
    const byte = bytes[at]! ^ (turned >>> 24)
    turned = (turned << 8) | (turned >>> 24)
    if (owed > 0) {
      if (byte < low || byte > high) return -1
      low = 0x80
      high = 0xbf
      if (--owed === 0) printable++
    } else if (byte < 0x80) {
      if ((byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x09 || byte === 0x0d) printable++
    } else {
      if (byte < 0xc2 || byte > 0xf4) return -1
      owed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
      if (byte === 0xe0) low = 0xa0
      else if (byte === 0xed) high = 0x9f
      else if (byte === 0xf0) low = 0x90
      else if (byte === 0xf4) high = 0x8f
    }
  }
  return owed > 0 && whole ? -1 : printable
}
