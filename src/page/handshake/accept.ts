// The server's answer to a key, step by step: RFC 6455 §4.2.2, step 5.4.
import { sha1 } from '@noble/hashes/legacy.js'
import { fromLatin1 } from '../../base/bytes.ts'

/** What the server puts after the key (RFC 6455 §1.3): a GUID that only programs which know WebSocket are likely to use. */
export const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Every value on the way from the key to the answer. */
export interface AcceptSteps {
  readonly joined: string
  /** Of the joined text. */
  readonly bytes: Uint8Array
  /** 20 bytes. */
  readonly hash: Uint8Array
  /** The hash in base64. */
  readonly accept: string
}

/** The key is taken as it was sent, not decoded. */
export function acceptSteps(key: string): AcceptSteps {
  const joined = key + GUID
  // Heads are read as one byte a character; typed text may have other characters.
  const bytes = /^[\0-\xff]*$/.test(joined) ? fromLatin1(joined) : new TextEncoder().encode(joined)
  const hash = sha1(bytes)
  return { joined, bytes, hash, accept: btoa(String.fromCharCode(...hash)) }
}

/** The bytes that a key stands for; undefined if it is not base64. */
export function keyBytes(key: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(key) || key.length % 4 !== 0) return undefined
  try {
    return fromLatin1(atob(key))
  } catch {
    return undefined
  }
}
