// Compresses the messages of one direction (permessage-deflate, RFC 7692 §7.2.1): messages in, their payloads out.
// It stands alone because each side of a connection has one, with a window of its own.
import { constants, deflateRawSync } from 'node:zlib'
import { concat, copy } from '../base/bytes.ts'
import type { DeflateSide } from '../base/events.ts'

/** RFC 7692 §7.2.3.6: an empty message is one empty block. */
const EMPTY = Uint8Array.of(0)

export class Compressor {
  readonly #side: DeflateSide
  /** The last bytes that were sent, uncompressed. */
  #window: Uint8Array = new Uint8Array(0)

  constructor(side: DeflateSide) {
    this.#side = side
  }

  /** The payload of `message`, without the `00 00 ff ff` that the receiver puts back (§7.2.1). */
  compress(message: Uint8Array): Uint8Array {
    if (message.length === 0) return EMPTY
    const { contextTakeover, windowBits } = this.#side
    const dictionary = this.#window.length === 0 ? {} : { dictionary: this.#window }
    const options = { windowBits, finishFlush: constants.Z_SYNC_FLUSH, ...dictionary }
    const bytes = deflateRawSync(message, options)
    if (contextTakeover) this.#window = copy(concat([this.#window, message]).subarray(-(1 << windowBits)))
    return copy(bytes, 0, bytes.length - 4)
  }
}
