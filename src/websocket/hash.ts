// FNV-1a, to tell bytes that repeat from others. Not for bytes that someone chooses to collide: nothing rests on it but evidence.

/** What a hash starts from. */
export const FNV_BASIS = 0x811c9dc5

/** The hash of `bytes[start … end)` after what `hashed` is the hash of. */
export function hash(hashed: number, bytes: Uint8Array, start: number, end: number): number {
  let mixed = hashed
  for (let at = start; at < end; at++) mixed = Math.imul(mixed ^ bytes[at]!, 0x01000193)
  return mixed
}
