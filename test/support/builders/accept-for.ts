// The answer to a key by node:crypto alone (RFC 6455 §4.2.2): an opinion that is independent of src/http/accept.ts.
import { createHash } from 'node:crypto'

export function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, 'latin1').digest('base64')
}
