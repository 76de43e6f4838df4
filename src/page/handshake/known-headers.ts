// Which headers of a handshake have an explanation, and which section it follows. The sentences are in language/.
import type { handshake } from '../../language/en/handshake.ts'

type Words = typeof handshake

/** A header that the page can explain. */
export interface KnownHeader {
  readonly explanation: string
  readonly reference: string
}

/** The header that requests have under this name; undefined if nothing is known of it. */
export function requestHeader(words: Words, name: string): KnownHeader | undefined {
  return known(words.requestHeaders, REQUEST_REFERENCES, name)
}

/** The header that responses have under this name; undefined if nothing is known of it. */
export function responseHeader(words: Words, name: string): KnownHeader | undefined {
  return known(words.responseHeaders, RESPONSE_REFERENCES, name)
}

/** Headers that a request over HTTP/1.1, or over HTTP/2, must have: RFC 6455 §4.2.1, RFC 8441 §4 and §5. */
export const REQUIRED_OF_REQUEST = {
  http1: ['Host', 'Upgrade', 'Connection', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version'],
  http2: [':method', ':protocol', ':scheme', ':path', ':authority', 'sec-websocket-version'],
}

/** Headers that a response must have to accept: RFC 6455 §4.2.2, RFC 8441 §5. */
export const REQUIRED_OF_RESPONSE = {
  http1: ['Upgrade', 'Connection', 'Sec-WebSocket-Accept'],
  http2: [':status'],
}

const REQUEST_REFERENCES: Readonly<Record<keyof Words['requestHeaders'], string>> = {
  ':method': 'RFC 8441 §4',
  ':protocol': 'RFC 8441 §4',
  ':scheme': 'RFC 8441 §4, §5',
  ':path': 'RFC 8441 §4',
  ':authority': 'RFC 8441 §4',
  host: 'RFC 6455 §4.1, RFC 9110 §7.2',
  upgrade: 'RFC 6455 §4.1, RFC 9110 §7.8',
  connection: 'RFC 6455 §4.1, RFC 9110 §7.6.1',
  'sec-websocket-key': 'RFC 6455 §4.1, §11.3.1',
  'sec-websocket-version': 'RFC 6455 §4.1, §11.3.5',
  'sec-websocket-protocol': 'RFC 6455 §1.9, §11.3.4',
  'sec-websocket-extensions': 'RFC 6455 §9.1, §11.3.2',
  origin: 'RFC 6455 §10.2, RFC 6454 §7',
  'user-agent': 'RFC 9110 §10.1.5',
  cookie: 'RFC 6265 §4.2',
  authorization: 'RFC 9110 §11.6.2',
  'proxy-authorization': 'RFC 9110 §11.7.2',
  accept: 'RFC 9110 §12.5.1',
  'accept-encoding': 'RFC 9110 §12.5.3',
  'accept-language': 'RFC 9110 §12.5.5',
  'cache-control': 'RFC 9111 §5.2',
  pragma: 'RFC 9111 §5.4',
  'x-forwarded-for': 'RFC 7239 §1',
  forwarded: 'RFC 7239 §4',
  'content-length': 'RFC 9110 §8.6',
}

const RESPONSE_REFERENCES: Readonly<Record<keyof Words['responseHeaders'], string>> = {
  ':status': 'RFC 8441 §5, RFC 9113 §8.3.2',
  upgrade: 'RFC 6455 §4.2.2, RFC 9110 §7.8',
  connection: 'RFC 6455 §4.2.2, RFC 9110 §7.6.1',
  'sec-websocket-accept': 'RFC 6455 §4.2.2, §11.3.3',
  'sec-websocket-protocol': 'RFC 6455 §4.2.2, §11.3.4',
  'sec-websocket-extensions': 'RFC 6455 §9.1, §11.3.2',
  'sec-websocket-version': 'RFC 6455 §4.4',
  date: 'RFC 9110 §6.6.1',
  server: 'RFC 9110 §10.2.4',
  'set-cookie': 'RFC 6265 §4.1',
  via: 'RFC 9110 §7.6.3',
  location: 'RFC 9110 §10.2.2',
  'www-authenticate': 'RFC 9110 §11.6.1',
  'cache-control': 'RFC 9111 §5.2',
  'content-length': 'RFC 9110 §8.6',
  'content-type': 'RFC 9110 §8.3',
  'transfer-encoding': 'RFC 9112 §6.1',
}

function known<Name extends string>(
  explanations: Readonly<Record<Name, string>>,
  references: Readonly<Record<Name, string>>,
  name: string,
): KnownHeader | undefined {
  const lower = name.toLowerCase()
  if (!Object.hasOwn(explanations, lower)) return undefined
  return { explanation: explanations[lower as Name], reference: references[lower as Name] }
}
