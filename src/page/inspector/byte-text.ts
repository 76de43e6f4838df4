// A byte in letters.

/** Two digits. */
export function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/** Eight bits, in two groups. */
export function bitsOf(byte: number): string {
  const digits = byte.toString(2).padStart(8, '0')
  return `${digits.slice(0, 4)} ${digits.slice(4)}`
}

/** A byte as a character of ASCII; others as a dot. */
export function characterOf(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'
}
