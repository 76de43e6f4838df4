// The payloads of a report as one stream of bytes, handed on in blocks of equal length. It counts what exceeds its limits.
import type { TakeBlock } from './columns.ts'
import type { ReportLimits } from './page-data.ts'

/** Small enough that the page inflates the one it needs in a few milliseconds. */
export const PAYLOAD_BLOCK = 256 * 1024

/** Takes payloads and fills blocks. */
export class PayloadBlocks {
  /** How many payloads were cut or left out. */
  cut = 0
  /** Of the last payload: where it is among all payloads, and how many bytes of it were kept. */
  at = 0
  kept = 0
  readonly #limits: ReportLimits
  readonly #block: TakeBlock
  readonly #bytes = new Uint8Array(PAYLOAD_BLOCK)
  #length = 0

  constructor(limits: ReportLimits, block: TakeBlock) {
    this.#limits = limits
    this.#block = block
  }

  /** Takes as many bytes as the limits allow. `at` and `kept` then say where they are. */
  add(payload: Uint8Array): void {
    const room = Math.min(this.#limits.payload, this.#limits.bytes - this.#length)
    const kept = Math.max(0, Math.min(payload.length, room))
    if (kept < payload.length) this.cut++
    this.at = this.#length
    this.kept = kept
    for (let from = 0; from < kept; ) {
      const place = this.#length % PAYLOAD_BLOCK
      const part = payload.subarray(from, Math.min(kept, from + PAYLOAD_BLOCK - place))
      this.#bytes.set(part, place)
      from += part.length
      this.#length += part.length
      if (this.#length % PAYLOAD_BLOCK === 0) this.#block(this.#bytes, this.#length / PAYLOAD_BLOCK - 1)
    }
  }

  /** Hands on what is left. */
  end(): void {
    const left = this.#length % PAYLOAD_BLOCK
    if (left > 0) this.#block(this.#bytes.subarray(0, left), Math.floor(this.#length / PAYLOAD_BLOCK))
  }
}
