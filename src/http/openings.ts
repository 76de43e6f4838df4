// The first bytes of what may be an HTTP message: cheap enough for every TCP connection of a capture, most of which speak
// something else. RFC 9112 §3 (request line), §4 (status line); RFC 9113 §3.4 (HTTP/2 preface); the PROXY protocol, §2.1 and
// §2.2.
import { METHODS } from './heads.ts'

/** What begins here; `more` if too few bytes are there to tell, `none` if it is nothing that http/ reads. */
export type Opening = 'request' | 'response' | 'proxy' | 'http2' | 'http2-server' | 'tls' | 'more' | 'none'

/** What may begin here, as bits. It depends on the role of the direction, if known, and on what came before. */
export const Expect = {
  request: 1,
  response: 2,
  /** A PROXY protocol preface: only before everything else. */
  proxy: 4,
  /** A TLS record, or (with `response`) the first SETTINGS of an HTTP/2 server: only if nothing was read before. */
  tls: 8,
} as const

/**
 * RFC 9112 §2.2 has a server ignore at least one empty line before the request line; old clients send one after a body. Counted
 * in bytes.
 */
const MOST_LINE_ENDS = 8
const PROXY_V2 = '\r\n\r\n\0\r\nQUIT\n'
const PROXY_V1 = 'PROXY '
const HTTP2 = 'PRI * HTTP/2.0\r\n'
/** RFC 9113 §6.5: nine bytes of frame header, then settings of six bytes each; no server sends more than 42 of them. */
const FRAME_HEADER_LENGTH = 9
const SETTINGS_TYPE = 4
const FIRST_SETTINGS = Expect.tls | Expect.response
const SETTING_LENGTH = 6
const LONGEST_SETTINGS = 252
/**
 * RFC 8446 §5.1: a type from ChangeCipherSpec to application data, version 3.0 to 3.4, and at most 2^14 + 2048 bytes
 * (RFC 5246 §6.2.3).
 */
const TLS_RECORD_TYPES = [20, 23] as const
const LATEST_TLS_VERSION = 4
const LONGEST_TLS_RECORD = 2 ** 14 + 2048
const TLS_HEADER_LENGTH = 5
const RESPONSE = 'HTTP/1.'

/** What begins with `bytes[start … end)`, at least one byte. `expected`: bits of `Expect`. */
export function openingOf(bytes: Uint8Array, start: number, end: number, expected: number): Opening {
  const first = bytes[start]!
  if ((expected & Expect.tls) !== 0 && first >= TLS_RECORD_TYPES[0] && first <= TLS_RECORD_TYPES[1])
    return tlsOpening(bytes, start, end)
  if ((expected & FIRST_SETTINGS) === FIRST_SETTINGS && first === 0) return settingsOpening(bytes, start, end)
  if ((first < 0x41 || first > 0x5a) && first !== 0x0d && first !== 0x0a) return 'none'
  let line = start
  while (line < end && line < start + MOST_LINE_ENDS && (bytes[line] === 0x0d || bytes[line] === 0x0a)) line++
  let opening: Opening = 'none'
  for (const { text, opens, needs } of OPENINGS) {
    if ((expected & needs) === 0) continue
    const at = opens === 'proxy' ? start : line
    const length = agreement(bytes, at, end, text)
    if (length === text.length) return opens
    if (at + length === end) opening = 'more'
  }
  return opening
}

interface Literal {
  readonly text: string
  readonly opens: Opening
  /** What must be expected for it, as bits. */
  readonly needs: number
}

const OPENINGS: readonly Literal[] = [
  { text: PROXY_V2, opens: 'proxy', needs: Expect.proxy },
  { text: PROXY_V1, opens: 'proxy', needs: Expect.proxy },
  { text: HTTP2, opens: 'http2', needs: Expect.request },
  { text: RESPONSE, opens: 'response', needs: Expect.response },
  ...METHODS.map((method): Literal => ({ text: `${method} `, opens: 'request', needs: Expect.request })),
]

/** How many of the first bytes in `bytes[start … end)` agree with a text. */
function agreement(bytes: Uint8Array, start: number, end: number, text: string): number {
  const most = Math.min(text.length, end - start)
  let length = 0
  while (length < most && bytes[start + length] === text.charCodeAt(length)) length++
  return length
}

/** RFC 9113 §3.4: an HTTP/2 server sends its SETTINGS first, often before the client's preface is there. */
function settingsOpening(bytes: Uint8Array, start: number, end: number): Opening {
  for (let i = 0; i < Math.min(FRAME_HEADER_LENGTH, end - start); i++) {
    const byte = bytes[start + i]!
    if (
      i === 2
        ? byte > LONGEST_SETTINGS || byte % SETTING_LENGTH !== 0
        : byte !== (i === 3 ? SETTINGS_TYPE : 0)
    )
      return 'none'
  }
  return end - start < FRAME_HEADER_LENGTH ? 'more' : 'http2-server'
}

function tlsOpening(bytes: Uint8Array, start: number, end: number): Opening {
  if (end > start + 1 && bytes[start + 1] !== 3) return 'none'
  if (end > start + 2 && bytes[start + 2]! > LATEST_TLS_VERSION) return 'none'
  if (end < start + TLS_HEADER_LENGTH) return 'more'
  const length = (bytes[start + 3]! << 8) | bytes[start + 4]!
  return length > 0 && length <= LONGEST_TLS_RECORD ? 'tls' : 'none'
}
