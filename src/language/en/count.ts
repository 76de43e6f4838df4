// Counted things, in English.

/** `1 byte`, `2 bytes`. A number past 2^53-1 may be a decimal string. */
export function bytes(count: number | bigint | string): string {
  return Number(count) === 1 ? '1 byte' : `${count} bytes`
}
