// What is wrong with a capture file itself.
import type { DamageFault } from '../base/finding-values.ts'

/** Where a file is cut off or damaged. What came before it is decoded, what comes behind it is not. */
export type Damage = {
  /** Position of the fault: of the first byte of the record or block at fault. In a gzip file it counts in the unpacked bytes. */
  readonly offset: number
} & DamageFault

/** No record and no block may be longer: 128 MiB, Wireshark's own bound for any packet. */
export const LARGEST_RECORD = 128 * 1024 * 1024

/** So many bytes of a record or block are read, 1 MiB; the rest is passed over, so that a file cannot make framewalk hold it. Nothing with TCP in
 * it is longer: segmentation offload makes packets of 512 KiB at most. */
export const LARGEST_READ = 1024 * 1024
