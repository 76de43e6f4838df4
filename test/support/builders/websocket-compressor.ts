// Compresses messages as a permessage-deflate sender does (RFC 7692 §7.2.1), with Node's zlib.
import { constants, deflateRawSync } from 'node:zlib'
import { DeflateRaw } from 'minizlib'
import { concat, copy } from '../../../src/base/bytes.ts'

/** A sender with context takeover: each call compresses one message over the window of those before. */
export function makeCompressor(windowBits = 15): (message: Uint8Array) => Uint8Array {
  const options: { windowBits: number; flush: number } = { windowBits, flush: constants.Z_SYNC_FLUSH }
  const deflate = new DeflateRaw(options)
  let parts: Uint8Array[] = []
  deflate.on('data', (part: Uint8Array) => parts.push(part))
  return (message) => {
    parts = []
    deflate.write(message as Buffer)
    // zlib flushes nothing if nothing came in since the last flush; an empty message is one empty stored block.
    const bytes = message.length === 0 ? Uint8Array.of(0, 0, 0, 0xff, 0xff) : concat(parts)
    return copy(bytes, 0, bytes.length - 4)
  }
}

/** One message over an empty window. */
export function compressAlone(message: Uint8Array, windowBits = 15): Uint8Array {
  const bytes = deflateRawSync(message, { windowBits, finishFlush: constants.Z_SYNC_FLUSH })
  return copy(bytes, 0, bytes.length - 4)
}

/** One message in a stream that ends with it (BFINAL set), as RFC 7692 §7.2.3.4 has it: followed by an empty block's header. */
export function compressFinal(message: Uint8Array): Uint8Array {
  return concat([deflateRawSync(message), Uint8Array.of(0)])
}
