// Bytes of something else where a frame should begin: HTTP, its chunks, an empty line, TLS, plain text.
import { toLatin1 } from '../../base/bytes.ts'
import { type Cause, type Evidence, readFrames, type WireBytes } from './wire.ts'

/** Characters of the foreign text that are kept. */
const SHOWN = 120
/** Characters that must be text, so that no frame looks like it by chance: each has 98 of 256 values. */
const FEWEST_TEXT = 16
/** Bits that the frames behind an empty line or a chunk's size must have. */
const ENOUGH = 11
/** RFC 8446 §5.1, §5.2: what a record holds is at most 2^14 + 256 bytes long. */
const LONGEST_RECORD = 16_640

/** HTTP, its chunks, an empty line or TLS. These have marks of their own. */
export function foreignProtocol(evidence: Evidence, wire: WireBytes): Cause | undefined {
  const bytes = wire.from(0)
  const text = toLatin1(bytes.subarray(0, SHOWN))
  const line = text.split(/\r?\n/, 1)[0]!
  if (/^HTTP\/\d\.\d \d{3}/.test(text)) return { code: 'http-in-stream', values: { what: 'response', line } }
  if (/^[A-Z]{3,20} \S+ HTTP\/\d\.\d$/.test(line))
    return { code: 'http-in-stream', values: { what: 'request', line } }
  return chunk(evidence, bytes, text) ?? emptyLine(evidence, wire, bytes) ?? tlsRecord(bytes)
}

/** Plain text: whatever it is, it is no frame. */
export function plainText(_: Evidence, wire: WireBytes): Cause | undefined {
  const bytes = wire.from(0).subarray(0, SHOWN)
  if (bytes.length < FEWEST_TEXT) return undefined
  const isText = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || [0x09, 0x0a, 0x0d].includes(byte))
  return isText ? { code: 'out-of-step', values: { what: 'text', text: toLatin1(bytes) } } : undefined
}

/** RFC 9112 §7.1: the size of a chunk in hex digits stands before it, on a line of its own. */
function chunk(evidence: Evidence, bytes: Uint8Array, text: string): Cause | undefined {
  const [line, digits] = /^([0-9A-Fa-f]{1,8})(?:;[^\r\n]*)?\r\n/.exec(text) ?? []
  if (digits === undefined) return undefined
  const size = Number.parseInt(digits, 16)
  const start = line!.length
  const inside = bytes.subarray(start, start + size)
  const isFrame = readFrames(inside, start, new Set([start + size]), evidence).tiledTo === size
  const isFollowed = bytes[start + size] === 0x0d && bytes[start + size + 1] === 0x0a
  return size > 0 && (isFrame || isFollowed)
    ? { code: 'http-in-stream', values: { what: 'chunk', size } }
    : undefined
}

/** The head ends with an empty line; one more is taken for a frame. */
function emptyLine(evidence: Evidence, wire: WireBytes, bytes: Uint8Array): Cause | undefined {
  if (evidence.frame.offset > 0) return undefined
  const length = bytes[0] === 0x0a ? 1 : bytes[0] === 0x0d && bytes[1] === 0x0a ? 2 : 0
  if (length === 0) return undefined
  const run = readFrames(bytes.subarray(length), length, wire.boundaries(evidence.segments), evidence)
  return run.bits >= ENOUGH ? { code: 'out-of-step', values: { what: 'emptyLine', length } } : undefined
}

/** RFC 8446 §5.1: a type, the version 3.x, a length. */
function tlsRecord(bytes: Uint8Array): Cause | undefined {
  const [type = 0, major, minor = 0, high = 0, low = 0] = bytes
  const length = high * 256 + low
  const isRecord =
    type >= 20 && type <= 23 && major === 3 && minor <= 4 && length > 0 && length <= LONGEST_RECORD
  return isRecord ? { code: 'out-of-step', values: { what: 'tls', type, length } } : undefined
}
