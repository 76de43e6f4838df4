// The opening handshake of RFC 6455 §1.3, and requests like it.
import { toLatin1 } from '../../base/bytes.ts'
import type { ConnectionRecord } from '../../records/records.ts'
import { drawBytes } from './random.ts'

/** A new key; a valid one has 16 bytes. */
export function drawHandshakeKey(length = 16): string {
  return btoa(toLatin1(drawBytes(length)))
}

/** A request as a browser sends it. */
export function requestLines(key: string): string[] {
  const { startLine, headers } = RFC_CONNECTION.handshake.request!
  const lines = headers.map(([name, value]) => `${name}: ${name === 'Sec-WebSocket-Key' ? key : value}`)
  return [startLine, ...lines]
}

const NOWHERE = { packet: { first: 1, last: 1 }, time: null }

/** The example of RFC 6455 §1.3, with compression. */
export const RFC_CONNECTION: Omit<ConnectionRecord, 'type'> = {
  connection: 1,
  client: { address: '192.0.2.1', port: 50_000 },
  server: { address: '192.0.2.2', port: 80 },
  transport: 'tcp',
  midstream: false,
  url: 'ws://server.example.com/chat',
  subprotocol: 'chat',
  extensions: [{ name: 'permessage-deflate', params: [] }],
  deflate: null,
  handshake: {
    request: {
      ...NOWHERE,
      startLine: 'GET /chat HTTP/1.1',
      headers: [
        ['Host', 'server.example.com'],
        ['Upgrade', 'websocket'],
        ['Connection', 'Upgrade'],
        ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
        ['Origin', 'http://example.com'],
        ['Sec-WebSocket-Protocol', 'chat, superchat'],
        ['Sec-WebSocket-Version', '13'],
        ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
      ],
    },
    response: {
      ...NOWHERE,
      startLine: 'HTTP/1.1 101 Switching Protocols',
      headers: [
        ['Upgrade', 'websocket'],
        ['Connection', 'Upgrade'],
        ['Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='],
        ['Sec-WebSocket-Protocol', 'chat'],
        ['Sec-WebSocket-Extensions', 'permessage-deflate'],
      ],
    },
  },
}
