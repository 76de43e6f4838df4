// A growing list of 32-bit words, as a block of the report (page-data.ts).
import { endianness } from 'node:os'

/** Words behind one another. */
export class WordList {
  length = 0
  #words = new Uint32Array(1024)

  push(...words: readonly number[]): void {
    if (this.length + words.length > this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2)
      grown.set(this.#words)
      this.#words = grown
    }
    for (const word of words) this.#words[this.length++] = word
  }

  /** Little-endian. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#words.slice(0, this.length).buffer)
    if (endianness() === 'BE') Buffer.from(bytes.buffer).swap32()
    return bytes
  }
}
