// What a server answers to a key: RFC 6455 §4.2.2, step 5.4.
import { createHash } from 'node:crypto'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The `Sec-WebSocket-Accept` that belongs to a `Sec-WebSocket-Key`, which is taken as it was sent, not decoded. */
export function acceptFor(key: string): string {
  return createHash('sha1')
    .update(key + GUID, 'latin1')
    .digest('base64')
}
