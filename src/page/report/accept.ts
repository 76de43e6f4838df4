// What a server answers to a key, step by step (RFC 6455 §4.2.2, step 5.4).
export const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The steps from a key to its Sec-WebSocket-Accept. */
export interface AcceptSteps {
  readonly joined: string
  /** 20 bytes. */
  readonly digest: Uint8Array
  readonly accept: string
}

export async function acceptSteps(key: string): Promise<AcceptSteps> {
  const joined = key + GUID
  // The key is taken as it was sent: one byte a character.
  const bytes = Uint8Array.from(joined, (character) => character.charCodeAt(0))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', bytes))
  return { joined, digest, accept: btoa(String.fromCharCode(...digest)) }
}
