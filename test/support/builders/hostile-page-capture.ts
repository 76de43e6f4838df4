// A capture for pages: all its text reads as markup, as script or as an escape sequence, or turns the text around it.
import { concat } from '../../../src/base/bytes.ts'
import { Opcode } from '../../../src/base/events.ts'
import { encodeFrame } from '../../../src/websocket/encode.ts'
import { Talk, Tape } from '../../hostile/tape.ts'
import { acceptFor } from './accept-for.ts'
import { u8, utf8 } from './packet-builder.ts'

/** The script sets this if it runs. */
export const MARK = 'owned'
/** A tag whose script runs if the text becomes markup. Without a slash, because it is in the file's name too. */
export const TAG = `<img src=x onerror="${MARK}=1">`
const SCRIPT = `</script><script>${MARK}=1</script><style>*{display:none}</style>`
const QUOTES = `" onfocus="${MARK}=1" autofocus="' onclick='${MARK}=1`
const LINK = `<a href="javascript:${MARK}=1" id="page">go</a>`
const BIDI = 'exe.\u202egnp\u2066\u200f\u2069.txt'
const ESCAPES = '\x1b[2J\x1b]0;owned\x07 nul\0 \x9b31m'
const ENTITIES = '&lt;b&gt;&amp;&#x3c;b&#x3e;'
/** A lone surrogate encoded like UTF-8 is not valid UTF-8. */
const SURROGATE = u8(0xed, 0xa0, 0x80, 0x41)

/** Texts as a client sends them, and a part of each that a reader has to see. */
export const TEXTS: readonly (readonly [text: string, seen: string])[] = [
  [SCRIPT, SCRIPT],
  [TAG, TAG],
  [QUOTES, QUOTES],
  [LINK, LINK],
  [ENTITIES, ENTITIES],
  [BIDI, 'exe.⟨U+202E⟩gnp'],
  [ESCAPES, '⟨U+001B⟩[2J'],
  [
    `{"__proto__":{"${MARK}":1},"<b>":"${SCRIPT.replaceAll('"', '\\"')}","lone":"\\ud800 \\u202e"}`,
    '__proto__',
  ],
  [`{{constructor.constructor("${MARK}=1")()}} \${${MARK}=1} <!-- ]]>`, '{{constructor'],
]

/** A file name that a file system accepts. */
export const FILE_NAME = `${TAG}'\u202e\x1b[31m.pcap`

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

/** The capture: a connection whose heads, messages, pings and close reason are hostile. */
export function hostilePageCapture(): Uint8Array {
  const tape = new Tape()
  const talk = new Talk(tape, 0).open()
  const latin1 = (text: string) => Buffer.from(text, 'latin1')
  const shared = 'Upgrade: websocket\r\nConnection: Upgrade\r\n'
  const [script, tag] = [SCRIPT, TAG].map((text) => text.replaceAll(' ', '+'))
  talk.says(
    'client',
    latin1(
      `GET /${script}?${QUOTES.replaceAll(' ', '+')}#${tag} HTTP/1.1\r\nHost: ${tag}\r\n${shared}X-${TAG}: ${SCRIPT}\r\nOrigin: javascript:${MARK}=1\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: ${TAG}, a\x1b[31m\r\n\r\n`,
    ),
  )
  talk.says(
    'server',
    latin1(
      `HTTP/1.1 101 ${SCRIPT}\r\n${shared}Sec-WebSocket-Accept: ${acceptFor(KEY)}\r\nSec-WebSocket-Protocol: ${TAG}\r\nSec-WebSocket-Extensions: ${LINK}; ${QUOTES}\r\nServer: ${utf8Latin1(BIDI)}\r\n\r\n`,
    ),
  )
  const frame = (opcode: number, payload: Uint8Array, maskingKey?: number) =>
    encodeFrame({ fin: true, opcode, payload, ...(maskingKey === undefined ? {} : { maskingKey }) })
  let key = 0x01020304
  for (const [text] of TEXTS) talk.says('client', frame(Opcode.text, utf8(text), key++))
  for (const [opcode, payload] of [
    [Opcode.text, SURROGATE],
    [Opcode.binary, utf8(SCRIPT)],
    [Opcode.ping, utf8(TAG)],
    [Opcode.pong, utf8(BIDI)],
    [3, utf8(SCRIPT)],
    [Opcode.close, concat([u8(0x0f, 0xa0), utf8(TAG), utf8(BIDI), SURROGATE])],
  ] as const)
    talk.says('server', frame(opcode, payload))
  talk.close()
  return tape.take()
}

/** The frames that it has. */
export const HOSTILE_FRAMES = TEXTS.length + 6

/** UTF-8, each byte as the character of its number: what a head's bytes look like. */
function utf8Latin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}
