// What the frames of a direction have been like so far: all that is known about a frame that a hole hides.
import { Opcode } from '../base/events.ts'
import type { Header } from './header.ts'

/** After this many text messages, the next one is expected to be text too. */
const TEXTS = 8

/** The frames of one direction so far. */
export class FrameHistory {
  /** Bytes of the longest frame. */
  longest = 0
  /** Whether the last frame was masked. */
  masked: boolean
  /** Frames masked with a key other than zero; 1 from the start for a known client, which is expected to mask. */
  #masks = 0
  #texts = 0
  #others = 0

  /** `masked`: whether this side is expected to mask, until a frame shows otherwise. `isGuess`: it may be the other side. */
  constructor(masked: boolean, isGuess: boolean) {
    this.masked = masked
    if (masked && !isGuess) this.#masks = 1
  }

  /** Takes the header of the next frame. */
  add({ masked, maskingKey, opcode, payloadLength, headerLength }: Header): void {
    this.masked = masked
    if (typeof payloadLength === 'number' && headerLength + payloadLength > this.longest)
      this.longest = headerLength + payloadLength
    if (masked && maskingKey !== 0) this.#masks++
    else if (opcode === Opcode.text) this.#texts++
    else if (opcode === Opcode.binary) this.#others++
  }

  /**
   * Whether the payload of a frame like these may hold bytes that look like a chain of frames, such as a recording of WebSocket.
   * Under a random mask nothing looks like a frame. In text (RFC 3629) no character begins with 0x80 … 0xbf, and an unfragmented,
   * uncompressed frame begins with 0x81, 0x82 or 0x88 … 0x8a.
   */
  get mayHoldFrames(): boolean {
    return this.#others > 0 || (this.#masks === 0 && this.#texts < TEXTS)
  }
}
