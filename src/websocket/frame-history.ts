// What the frames of a direction have been like so far: all that is known of the one that a hole hides.
import { Opcode } from '../base/events.ts'
import type { Header } from './header.ts'

/** Text messages from which on the next one is taken to be text too. */
const TEXTS = 8

export class FrameHistory {
  /** Bytes of the longest frame. */
  longest = 0
  /** Whether the last frame was masked. */
  masked: boolean
  /** Masks of other keys than zero, which a client is taken to have. */
  #masks = 0
  #texts = 0
  #others = 0

  /** `masked`: as the side at hand masks until it is seen otherwise. `isGuess`: it may be the other side. */
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
   * Whether the payload of a frame like these may hold bytes that look like frames one behind the other, a recording of WebSocket say. Under
   * a random mask nothing looks like anything; and where text (RFC 3629) has a character, no frame has its first byte.
   */
  get mayHoldFrames(): boolean {
    return this.#others > 0 || (this.#masks === 0 && this.#texts < TEXTS)
  }
}
