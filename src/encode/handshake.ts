// The two HTTP heads of a script's handshake (RFC 6455 §4), as bytes, and what they agree on.
import { fromLatin1 } from '../base/bytes.ts'
import type { Deflate } from '../base/events.ts'
import { makeAcceptFor } from '../http/accept.ts'
import { cryptography } from '../platform/node/cryptography.ts'
import type { DeflateScript, HandshakeScript, HeaderOverrides } from './script.ts'

export interface Heads {
  readonly request: Uint8Array
  readonly response: Uint8Array
  readonly isAccepted: boolean
  readonly deflate: Deflate | null
}

type Fields = Array<[name: string, value: string | null]>

/** Reason phrases of statuses that answer an upgrade. HTTP allows an empty one (RFC 9112 §4). */
const REASONS: Readonly<Record<number, string>> = {
  101: 'Switching Protocols',
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  426: 'Upgrade Required',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** The heads of a handshake. `server`: address and port, as in a URL. `draw` gives words of 32 bits, for the key. */
export function handshakeHeads(script: HandshakeScript, server: string, draw: () => number): Heads {
  const { target = '/', host = server, key = drawnKey(draw), status = 101 } = script
  const { subprotocols, subprotocol = null } = script
  const isAccepted = status === 101
  const agreed = isAccepted ? deflateOf(script.deflate) : null
  const request: Fields = [
    ['Host', host],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Key', key],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Protocol', subprotocols?.join(', ') ?? null],
    ['Sec-WebSocket-Extensions', extensionOf(script.deflate)],
  ]
  const upgraded: Fields = [
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Accept', acceptOf(script.accept, key)],
    ['Sec-WebSocket-Protocol', subprotocol],
    ['Sec-WebSocket-Extensions', extensionOf(script.deflate)],
  ]
  return {
    request: head(`GET ${target} HTTP/1.1`, request, script.requestHeaders),
    response: head(
      `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`,
      isAccepted ? upgraded : [['Content-Length', '0']],
      script.responseHeaders,
    ),
    isAccepted,
    deflate: agreed,
  }
}

/** How both sides compress, as the script says. */
export function deflateOf(script: HandshakeScript['deflate'] = false): Deflate | null {
  if (script === false) return null
  const parameters: DeflateScript = script === true ? {} : script
  return {
    client: {
      contextTakeover: parameters.clientNoContextTakeover !== true,
      windowBits: parameters.clientMaxWindowBits ?? 15,
    },
    server: {
      contextTakeover: parameters.serverNoContextTakeover !== true,
      windowBits: parameters.serverMaxWindowBits ?? 15,
    },
  }
}

/** Offer and answer are the same: each parameter that RFC 7692 §7.1 lets a server answer may be offered with its value. */
function extensionOf(script: HandshakeScript['deflate'] = false): string | null {
  if (script === false) return null
  const parameters: DeflateScript = script === true ? {} : script
  const words = ['permessage-deflate']
  if (parameters.serverNoContextTakeover) words.push('server_no_context_takeover')
  if (parameters.clientNoContextTakeover) words.push('client_no_context_takeover')
  if (parameters.serverMaxWindowBits) words.push(`server_max_window_bits=${parameters.serverMaxWindowBits}`)
  if (parameters.clientMaxWindowBits) words.push(`client_max_window_bits=${parameters.clientMaxWindowBits}`)
  return words.join('; ')
}

const acceptFor = makeAcceptFor(cryptography)

function acceptOf(accept: HandshakeScript['accept'], key: string): string | null {
  if (accept === 'missing') return null
  return acceptFor(accept === 'wrong' ? `not ${key}` : key)
}

/** 16 bytes as base64 (RFC 6455 §4.1). */
function drawnKey(draw: () => number): string {
  const bytes = new DataView(new ArrayBuffer(16))
  for (let at = 0; at < 16; at += 4) bytes.setUint32(at, draw())
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)))
}

function head(startLine: string, made: Fields, overrides: HeaderOverrides = {}): Uint8Array {
  const given = new Map(
    Object.entries(overrides).map(([name, value]) => [name.toLowerCase(), { name, value }]),
  )
  const lines = [startLine]
  const add = (name: string, value: HeaderOverrides[string]): void => {
    if (value === null) return
    for (const one of typeof value === 'string' ? [value] : value) lines.push(`${name}: ${one}`)
  }
  for (const [name, value] of made) {
    const override = given.get(name.toLowerCase())
    given.delete(name.toLowerCase())
    if (override === undefined) add(name, value)
    else add(override.name, override.value)
  }
  for (const { name, value } of given.values()) add(name, value)
  return fromLatin1(`${lines.join('\r\n')}\r\n\r\n`)
}
