// Numbers in either byte order, as capture files hold them.

/** The unsigned 16-bit number at `at`. */
export function uint16(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return littleEndian ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!
}

/** The unsigned 32-bit number at `at`. */
export function uint32(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return littleEndian
    ? (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
    : ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** The signed 64-bit number at `at`; past 2^53 the nearest that a number can hold. */
export function int64(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  const high = uint32(bytes, littleEndian ? at + 4 : at, littleEndian)
  const low = uint32(bytes, littleEndian ? at : at + 4, littleEndian)
  return (high | 0) * 0x1_0000_0000 + low
}
