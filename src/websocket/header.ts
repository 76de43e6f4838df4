// The header of a frame (RFC 6455 §5.2): bytes in, its fields out. Pure; judges nothing.
import { uint32 } from '../base/bytes.ts'

/** The fields of a frame's header, as they are on the wire. */
export interface Header {
  fin: boolean
  rsv1: boolean
  rsv2: boolean
  rsv3: boolean
  /** 0 … 15. */
  opcode: number
  masked: boolean
  /** The four bytes as one big-endian word, 0 … 2^32-1; undefined if the frame is not masked. */
  maskingKey: number | undefined
  /** 2 … 14 bytes. */
  headerLength: number
  /** As announced, unsigned, however encoded; a bigint past 2^53-1. */
  payloadLength: number | bigint
}

/** Length of the longest header: two bytes, a 64-bit length and a masking key. */
export const LONGEST_HEADER = 14

/** The header at `bytes[at … end)`; undefined if it needs more bytes than there are. */
export function decodeHeader(bytes: Uint8Array, at = 0, end = bytes.length): Header | undefined {
  const header = emptyHeader()
  return readHeader(header, bytes, at, end) ? header : undefined
}

/** A header to be filled by `readHeader`. */
export function emptyHeader(): Header {
  return {
    fin: false,
    rsv1: false,
    rsv2: false,
    rsv3: false,
    opcode: 0,
    masked: false,
    maskingKey: undefined,
    headerLength: 2,
    payloadLength: 0,
  }
}

/**
 * Reads the header at `bytes[at … end)` into `header`, without allocating. If more bytes are needed, returns false and writes
 * nothing.
 */
export function readHeader(header: Header, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 2) return false
  const first = bytes[at]!
  const second = bytes[at + 1]!
  const length7 = second & 0x7f
  const keyAt = at + (length7 < 126 ? 2 : length7 === 126 ? 4 : 10)
  const masked = second > 0x7f
  const payloadAt = masked ? keyAt + 4 : keyAt
  if (payloadAt > end) return false
  header.fin = first > 0x7f
  header.rsv1 = (first & 0x40) !== 0
  header.rsv2 = (first & 0x20) !== 0
  header.rsv3 = (first & 0x10) !== 0
  header.opcode = first & 0x0f
  header.masked = masked
  header.maskingKey = masked ? uint32(bytes, keyAt) : undefined
  header.headerLength = payloadAt - at
  header.payloadLength =
    length7 < 126
      ? length7
      : length7 === 126
        ? bytes[at + 2]! * 256 + bytes[at + 3]!
        : length64(bytes, at + 2)
  return true
}

function length64(bytes: Uint8Array, at: number): number | bigint {
  const high = uint32(bytes, at)
  const low = uint32(bytes, at + 4)
  const length = high * 2 ** 32 + low
  return length <= Number.MAX_SAFE_INTEGER ? length : (BigInt(high) << 32n) | BigInt(low)
}

/** Bits that hold the payload length: the seven of the second byte, or 16 or 64 after it. */
export type LengthForm = 7 | 16 | 64

/** How a header encodes its payload length. */
export function lengthFormOf({ headerLength, masked }: Pick<Header, 'headerLength' | 'masked'>): LengthForm {
  const lengthBytes = headerLength - (masked ? 6 : 2)
  return lengthBytes === 0 ? 7 : lengthBytes === 2 ? 16 : 64
}

/** The form that a payload length must be encoded in: the fewest bits that hold it. */
export function fewestBits(payloadLength: number | bigint): LengthForm {
  return payloadLength < 126 ? 7 : payloadLength < 65_536 ? 16 : 64
}
