// Damage of a capture file, how it is described, and how much of a record is read.

/** Where a file is cut off or damaged. What comes before that place is decoded, what comes after it is not. */
export interface Damage {
  /**
   * Position of the first byte of the record or block at fault. In a gzip file it counts the unpacked bytes, except for damaged
   * gzip data.
   */
  readonly offset: number
  /** A clause without the file's name, such as `record 3 at byte 112 is cut off`. */
  readonly message: string
}

/** The longest record or block that is allowed: 128 MiB, Wireshark's limit for any packet. */
export const LARGEST_RECORD = 128 * 1024 * 1024

/**
 * At most 1 MiB of a record or block is read. The rest is skipped, so that a file cannot make framewalk hold it. Nothing with TCP
 * in it is longer: segmentation offload makes packets of 512 KiB at most.
 */
export const LARGEST_READ = 1024 * 1024

/** How a file is named in a sentence. */
export function titleOf(name: string): string {
  return name === '-' ? 'standard input' : name
}
