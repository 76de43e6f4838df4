// Bytes as people paste them: plain hex, C arrays, escaped strings, and the dumps of Wireshark, xxd, hexdump -C and tcpdump -X.
// Platform neutral.

/** The bytes that were pasted, or why the text is not bytes. */
export type HexInput = { readonly bytes: Uint8Array } | { readonly fault: HexFault }

/** Why text is not bytes. Lines (only a dump's rows count) and positions count from 1. Digits are cut after 20 characters. */
export type HexFault =
  | { readonly what: 'offset'; readonly line: number; readonly offset: number; readonly expected: number }
  | {
      readonly what: 'character'
      readonly position: number
      readonly character: string
      /** The digits around it; undefined if it is not among digits. */
      readonly within: string | undefined
    }
  | { readonly what: 'odd'; readonly position: number; readonly digits: string }
  | { readonly what: 'nothing' }

/** `<offset>:`, or `<offset>` and two spaces or a tab, then the rest of a dump's line. */
const DUMP_LINE = /^\s*(?:0x)?([0-9a-f]{4,8})(?::\s*|\s{2,}|\t)(\S.*)$/i

/** Bytes on a dump's line if the offset of the next line does not tell. */
const DUMP_WIDTH = 16

/** Reads bytes from `text`. Never throws. */
export function parseHex(text: string): HexInput {
  return parseDump(text.split(/\r?\n/)) ?? parsePlain(text)
}

/** Reads a dump. Each line carries its own offset, which must fit the bytes before it. Undefined if the text is not a dump. */
function parseDump(lines: readonly string[]): HexInput | undefined {
  const rows: { line: number; offset: number; rest: string }[] = []
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue
    const match = DUMP_LINE.exec(line)
    // hexdump -C ends with a line of the total length alone.
    if (match === null && rows.length > 0 && /^\s*[0-9a-f]{4,8}\s*$/i.test(line)) continue
    if (match === null) return undefined
    rows.push({ line: i + 1, offset: Number.parseInt(match[1]!, 16), rest: match[2]! })
  }
  if (rows.length === 0 || rows[0]!.offset !== 0) return undefined

  const bytes: number[] = []
  /** How many bytes came before the current dump. */
  let start = 0
  for (const [i, row] of rows.entries()) {
    // Several frames may be pasted, each as a dump of its own: each dump starts at offset 0.
    if (row.offset === 0) start = bytes.length
    const expected = bytes.length - start
    if (row.offset !== expected)
      return { fault: { what: 'offset', line: row.line, offset: row.offset, expected } }
    const next = rows[i + 1]
    const width = next === undefined || next.offset === 0 ? DUMP_WIDTH : next.offset - row.offset
    for (const byte of dumpRow(row.rest, width)) bytes.push(byte)
  }
  return bytes.length === 0 ? undefined : { bytes: Uint8Array.from(bytes) }
}

/** The bytes of one line. The column of characters follows them and is not read. */
function dumpRow(rest: string, width: number): number[] {
  const bytes: number[] = []
  for (const match of rest.matchAll(/([0-9a-f]+)(\s*)/giy)) {
    const digits = match[1]!
    if (digits.length % 2 !== 0) break
    for (let at = 0; at < digits.length && bytes.length < width; at += 2) {
      bytes.push(Number.parseInt(digits.slice(at, at + 2), 16))
    }
    if (bytes.length >= width || match[2]!.length > 2) break
  }
  return bytes
}

/** Digits in any grouping: `c18543`, `c1 85`, `0xc1,0x85`, `\xc1\x85`, `c1:85`, `{ 0xc1, 0x85 }`. */
function parsePlain(text: string): HexInput {
  const bytes: number[] = []
  const tokens = /(0x)?([0-9a-z]+)|[\s,:;.\-_"'`{}()[\]\\]+|(.)/giu
  for (const match of text.replaceAll('\\x', '0x').matchAll(tokens)) {
    const [, prefix, digits, other] = match
    const position = match.index + 1
    if (other !== undefined)
      return { fault: { what: 'character', position, character: other, within: undefined } }
    if (digits === undefined) continue
    // `0xc10x85`, run together, reads as digits with an x among them.
    const clean = digits.replaceAll(/0x/gi, '')
    const wrong = clean.search(/[^0-9a-f]/i)
    if (wrong >= 0)
      return {
        fault: { what: 'character', position, character: clean[wrong]!, within: shorten(digits) },
      }
    const padded = prefix !== undefined && clean.length === 1 ? `0${clean}` : clean
    if (padded.length % 2 !== 0) return { fault: { what: 'odd', position, digits: shorten(digits) } }
    for (let at = 0; at < padded.length; at += 2) bytes.push(Number.parseInt(padded.slice(at, at + 2), 16))
  }
  return bytes.length === 0 ? { fault: { what: 'nothing' } } : { bytes: Uint8Array.from(bytes) }
}

function shorten(digits: string): string {
  return digits.length > 20 ? `${digits.slice(0, 20)}…` : digits
}
