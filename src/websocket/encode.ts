// Frames to bytes (RFC 6455 §5.2), the decoder's inverse: gives a captured header back byte for byte, and makes frames of any
// kind, even illegal ones, for the walkthrough, the page and the tests.
import type { Header, LengthForm } from './header.ts'
import { maskInto } from './mask.ts'

/** A frame to be made. A flag that is left out is 0. */
export interface FrameFields {
  readonly fin?: boolean
  readonly rsv1?: boolean
  readonly rsv2?: boolean
  readonly rsv3?: boolean
  /** 0 … 15. */
  readonly opcode: number
  /** A big-endian word, 0 … 2^32-1; undefined for a frame without a mask. */
  readonly maskingKey?: number | undefined
  /** Not masked. */
  readonly payload: Uint8Array
  /** Default: the shortest that holds the length. */
  readonly lengthForm?: LengthForm
}

/**
 * The bytes of a header. `headerLength` says how the length is encoded, so a non-minimal length comes back as it was. Throws
 * RangeError if no header of that length holds the payload length.
 */
export function encodeHeader(header: Omit<Header, 'masked'>): Uint8Array {
  const { maskingKey, headerLength, payloadLength } = header
  const masked = maskingKey !== undefined
  const lengthBytes = headerLength - (masked ? 6 : 2)
  const room =
    lengthBytes === 0 ? 125n : lengthBytes === 2 ? 0xffffn : lengthBytes === 8 ? 2n ** 64n - 1n : -1n
  const length = BigInt(payloadLength)
  if (length < 0n || length > room) {
    throw new RangeError(`header of ${headerLength} bytes: cannot hold the payload length ${payloadLength}`)
  }
  const bytes = new Uint8Array(headerLength)
  const view = new DataView(bytes.buffer)
  bytes[0] =
    (header.fin ? 0x80 : 0) |
    (header.rsv1 ? 0x40 : 0) |
    (header.rsv2 ? 0x20 : 0) |
    (header.rsv3 ? 0x10 : 0) |
    (header.opcode & 0x0f)
  bytes[1] = (masked ? 0x80 : 0) | (lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) view.setUint16(2, Number(length))
  if (lengthBytes === 8) view.setBigUint64(2, length)
  if (masked) view.setUint32(headerLength - 4, maskingKey)
  return bytes
}

/**
 * The bytes of a frame, masked if it has a key.
 *
 * Throws TypeError if the payload is not a Uint8Array, and RangeError if the opcode or the key is out of range or the length form
 * is too short for the payload.
 */
export function encodeFrame(frame: FrameFields): Uint8Array {
  const { fin = false, rsv1 = false, rsv2 = false, rsv3 = false, opcode, maskingKey, payload } = frame
  if (!(payload instanceof Uint8Array))
    throw new TypeError(`payload: expected a Uint8Array, got ${typeof payload}`)
  if (!isWhole(opcode, 15)) throw new RangeError(`opcode: expected a whole number, 0 to 15, got ${opcode}`)
  if (maskingKey !== undefined && !isWhole(maskingKey, 0xffffffff))
    throw new RangeError(`maskingKey: expected a whole number of 32 bits, got ${maskingKey}`)
  const payloadLength = payload.length
  const form = frame.lengthForm ?? (payloadLength < 126 ? 7 : payloadLength <= 0xffff ? 16 : 64)
  const headerLength = 2 + (form === 7 ? 0 : form / 8) + (maskingKey === undefined ? 0 : 4)
  const header = encodeHeader({ fin, rsv1, rsv2, rsv3, opcode, maskingKey, headerLength, payloadLength })
  const bytes = new Uint8Array(headerLength + payloadLength)
  bytes.set(header)
  bytes.set(payload, headerLength)
  if (maskingKey !== undefined)
    maskInto(bytes, headerLength, bytes, headerLength, bytes.length, maskingKey, 0)
  return bytes
}

function isWhole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most
}
