// What a server answers to a key: RFC 6455 §4.2.2, step 5.4.
import { hash } from 'node:crypto'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

let lastKey: string | undefined
let lastAccept = ''

/** The `Sec-WebSocket-Accept` that belongs to a `Sec-WebSocket-Key`, which is taken as it was sent, not decoded. The last one is kept: of each
 * handshake it is asked for twice. */
export function acceptFor(key: string): string {
  if (key !== lastKey) {
    lastAccept = hash('sha1', Buffer.from(key + GUID, 'latin1'), 'base64')
    lastKey = key
  }
  return lastAccept
}
