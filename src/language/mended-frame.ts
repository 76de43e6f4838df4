/** What the sentence about a repair may tell of the frame as it should have been. */
export interface MendedFrame {
  readonly frame: {
    readonly opcode: number
    /** One big-endian word; undefined where the frame is not masked. */
    readonly maskingKey: number | undefined
    readonly payloadLength: number | bigint
  }
  /** Bits that hold the length. */
  readonly lengthBits: 7 | 16 | 64
}
