// The column of characters at the end of a dump's row, held against the bytes.

/** The first byte that the column does not fit. */
export interface Misfit {
  /** From 1. */
  readonly byte: number
  readonly value: number | undefined
  readonly character: string | undefined
}

/** Splits off a column between bars, as hexdump -C has it, or between angles, as od's z has it. */
export function splitColumn(body: string): { readonly digits: string; readonly column: string | undefined } {
  for (const [open, close] of ['||', '><'] as const) {
    const at = body.indexOf(`  ${open}`)
    if (at >= 0 && body.endsWith(close!) && body.length >= at + 4)
      return { digits: body.slice(0, at), column: body.slice(at + 3, -1) }
  }
  return { digits: body, column: undefined }
}

/** Where a column between bars does not fit the bytes. */
export function misfitOf(bytes: readonly number[], column: string): Misfit | undefined {
  for (let i = 0; i < Math.max(bytes.length, column.length); i++)
    if (!fits(bytes[i], column[i])) return { byte: i + 1, value: bytes[i], character: column[i] }
  return undefined
}

/**
 * Where a column without bars does not fit the bytes. `tail` is what follows the digits, with spaces before it and none after it, and
 * is not blank.
 */
export function misfitOfTail(bytes: readonly number[], tail: string): Misfit | undefined {
  const start = tail.search(/\S/)
  let spaces = 0
  while (bytes[spaces] === 0x20) spaces++
  const aligned = misfitFrom(bytes, tail, start, 0)
  if (aligned === undefined || spaces === 0 || spaces > start) return aligned
  // The column itself starts with spaces.
  return misfitFrom(bytes, tail, start, spaces) === undefined ? undefined : aligned
}

function misfitFrom(
  bytes: readonly number[],
  tail: string,
  start: number,
  first: number,
): Misfit | undefined {
  const length = tail.length - start + first
  for (let i = first; i < Math.max(bytes.length, length); i++) {
    const character = tail[start + i - first]
    // Spaces at the end are lost when text is copied.
    if (character === undefined && bytes[i] === 0x20) continue
    if (!fits(bytes[i], character)) return { byte: i + 1, value: bytes[i], character }
  }
  return undefined
}

/** Printable characters stand for themselves. Others, and in tcpdump the space, are dots, or characters of some code page. */
function fits(byte: number | undefined, character: string | undefined): boolean {
  if (byte === undefined || character === undefined) return false
  if (character.charCodeAt(0) === byte) return true
  if (byte === 0x20) return character === '.' || character === '·'
  const isPrintable = byte > 0x20 && byte < 0x7f
  return !isPrintable && (/^[.·_?]$/.test(character) || character >= '\x7f')
}
