// What a server answers to a key (RFC 6455 §4.2.2, step 5.4). In: the key. Out: the accept.
import { fromLatin1, toLatin1 } from '../base/bytes.ts'
import type { Cryptography } from '../platform/platform.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The `Sec-WebSocket-Accept` that belongs to a `Sec-WebSocket-Key`, which is taken as it was sent, not decoded. */
export type AcceptFor = (key: string) => string

/** Makes the function. It remembers its last answer, because each handshake asks twice. */
export function makeAcceptFor({ hash }: Cryptography): AcceptFor {
  let lastKey: string | undefined
  let lastAccept = ''
  return (key) => {
    if (key !== lastKey) {
      lastAccept = btoa(toLatin1(hash('sha1', fromLatin1(key + GUID))))
      lastKey = key
    }
    return lastAccept
  }
}
