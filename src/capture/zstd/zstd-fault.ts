// What is wrong with zstd data. Thrown where it is seen and caught in zstd.ts; it never leaves the decoder. Stands alone, since every file
// here throws it.
import type { ZstdReason } from '../../base/finding-values.ts'

/** The data contradicts RFC 8878, or a bound of this decoder. */
export class ZstdFault extends Error {
  readonly reason: ZstdReason

  constructor(reason: ZstdReason) {
    super(reason)
    this.reason = reason
  }
}
