// The nine bytes before the payload of every HTTP/2 frame (RFC 9113 §4.1), and which values they may have (§6): enough to tell a
// header from other bytes.

export const FRAME_HEADER_LENGTH = 9

/** §6. */
export const FrameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

export const Flag = { endStream: 0x01, endHeaders: 0x04, padded: 0x08, priority: 0x20 } as const

export interface FrameHeader {
  /** Of the payload, in bytes. */
  readonly length: number
  readonly type: number
  readonly flags: number
  /** 0 for the connection. */
  readonly stream: number
}

/** The header in `bytes[at … at + 9)`, all of which must be there. */
export function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader {
  return {
    length: (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!,
    type: bytes[at + 3]!,
    flags: bytes[at + 4]!,
    stream: readStreamId(bytes, at + 5),
  }
}

/** 31 bits; the reserved bit is ignored. */
export function readStreamId(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! & 0x7f) << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

interface Form {
  /** Flags that are defined for it. */
  readonly flags: number
  /** Whether it belongs to a stream, to the connection, or to either. */
  readonly on: 'stream' | 'connection' | 'either'
  readonly shortest: number
  readonly longest: number
  /** What the length is a multiple of. */
  readonly unit: number
}

const ANY_LENGTH = 2 ** 24 - 1
const form = (flags: number, on: Form['on'], shortest = 0, longest = ANY_LENGTH, unit = 1): Form => ({
  flags,
  on,
  shortest,
  longest,
  unit,
})

/** §6, by type. In SETTINGS and PING, the bit that is END_STREAM in DATA is ACK. */
const FORMS: readonly Form[] = [
  form(Flag.endStream | Flag.padded, 'stream'),
  form(Flag.endStream | Flag.endHeaders | Flag.padded | Flag.priority, 'stream', 1),
  form(0, 'stream', 5, 5),
  form(0, 'stream', 4, 4),
  form(0x01, 'connection', 0, 600, 6),
  form(Flag.endHeaders | Flag.padded, 'stream', 5),
  form(0x01, 'connection', 8, 8),
  form(0, 'connection', 8, 4096),
  form(0, 'either', 4, 4),
  form(Flag.endHeaders, 'stream'),
]

/** Whether a peer would send the header in `bytes[at … at + 9)`: it uses nothing reserved, and its length fits its type. */
export function isPlausibleHeader(
  bytes: Uint8Array,
  at: number,
  longestFrame: number,
  highestStream: number,
): boolean {
  const { length, type, flags, stream } = readFrameHeader(bytes, at)
  const known = FORMS[type]
  if (known === undefined || bytes[at + 5]! >= 0x80 || length > longestFrame || stream > highestStream)
    return false
  if ((flags & ~known.flags) !== 0 || length < known.shortest || length > known.longest) return false
  if (length % known.unit !== 0) return false
  return known.on === 'either' || (known.on === 'stream') === (stream !== 0)
}

/**
 * Whether `bytes[start … end)` are nothing but whole frames, as a peer would send them with the default limit of 16 KiB (§4.2).
 */
export function areFrames(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at + FRAME_HEADER_LENGTH <= end && isPlausibleHeader(bytes, at, DEFAULT_LONGEST, HIGHEST_STREAM)) {
    at += FRAME_HEADER_LENGTH + readFrameHeader(bytes, at).length
  }
  return at === end && at > start
}

const DEFAULT_LONGEST = 16_384
const HIGHEST_STREAM = 2 ** 31 - 1
