// Damage of a capture file: what it is, and how much of a record is read.
import type { DamageFault } from '../base/finding-values.ts'

/** Where a file is cut off or damaged. What comes before that place is decoded, what comes after it is not. */
export type Damage = {
  /** Position of the first byte of the record or block at fault. In a compressed file it counts the unpacked bytes, except for damaged gzip or zstd data. */
  readonly offset: number
} & DamageFault

/** The longest record or block that is allowed: 128 MiB, Wireshark's limit for any packet. */
export const LARGEST_RECORD = 128 * 1024 * 1024

/**
 * At most 1 MiB of a record or block is read. The rest is skipped, so that a file cannot make framewalk hold it. Nothing with TCP
 * in it is longer: segmentation offload makes packets of 512 KiB at most.
 */
export const LARGEST_READ = 1024 * 1024
