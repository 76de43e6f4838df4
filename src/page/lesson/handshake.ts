// The opening handshake (RFC 6455 §1.3, §4): a key, and the answer to it.
import { toLatin1 } from '../../bytes.ts'
import { drawBytes } from './random.ts'

/** RFC 6455 §1.3. */
export const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The SHA-1 of a key with the GUID behind it; in base64 it is the `Sec-WebSocket-Accept`. */
export async function acceptHash(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(key + GUID)))
}

/** The `Sec-WebSocket-Accept` that belongs to a key. */
export async function acceptFor(key: string): Promise<string> {
  return btoa(toLatin1(await acceptHash(key)))
}

/** A new key; of 16 bytes where it is a right one. */
export function drawHandshakeKey(length = 16): string {
  return btoa(toLatin1(drawBytes(length)))
}

/** A request as a browser sends it. */
export function requestLines(key: string): string[] {
  return [
    'GET /chat HTTP/1.1',
    'Host: example.com:8765',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Extensions: permessage-deflate',
    'Origin: http://example.com',
  ]
}

/** The response to it. */
export function responseLines(accept: string): string[] {
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    'Sec-WebSocket-Extensions: permessage-deflate',
  ]
}
