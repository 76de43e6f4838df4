// How much memory each side of a comparison may take.
import { InputError } from '../base/input-error.ts'

const MEBIBYTE = 2 ** 20

/** Bytes that each side of a comparison may take. */
export class Allowance {
  readonly #most: number
  readonly #cure: string

  /** `cure`: what helps besides comparing less: `raise --limit-compared`. */
  constructor(most: number, cure: string) {
    this.#most = most
    this.#cure = cure
  }

  /** Counts the bytes of one side. It throws InputError once there are too many. `name`: the file. */
  spender(name: string): (bytes: number) => void {
    let left = this.#most
    return (bytes) => {
      left -= bytes
      if (left >= 0) return
      const mebibytes = Math.floor((10 * this.#most) / MEBIBYTE) / 10
      throw new InputError(
        `${name}: holds more than ${mebibytes} MiB to be compared; compare a part of it (editcap -r), or ${this.#cure}`,
      )
    }
  }
}
