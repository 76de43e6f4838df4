// Counted things, in English.

/** `1 byte`, `2 bytes`. */
export function bytes(count: number | bigint): string {
  return Number(count) === 1 ? '1 byte' : `${count} bytes`
}
