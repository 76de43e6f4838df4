// Bytes as people paste them. The table says which form is tried first; each file beside this one reads one family of forms.
import { concat } from '../base/bytes.ts'
import { readBase64, readSureBase64 } from './base64.ts'
import { readBits, readSureBits } from './bits.ts'
import { readDump } from './dump/dump.ts'
import { withoutHeaders } from './headers.ts'
import { readHexDigits } from './hex.ts'
import { readJson } from './json.ts'
import { readLiteral } from './literal.ts'
import { readNodePrint } from './node-print.ts'
import { readDecimals, readSureDecimals } from './numbers.ts'
import type { PastedFault, PastedNote, Reader } from './reading.ts'

/** The bytes that were pasted, or why the text is not bytes. */
export type Pasted =
  | { readonly bytes: Uint8Array; readonly notes: readonly PastedNote[] }
  | { readonly fault: PastedFault }

/** Most characters of pasted text. */
export const LONGEST_TEXT = 4 * 1024 * 1024

/** In this order. The last one takes everything, and says what is wrong with it. */
const FORMS: readonly Reader[] = [
  readNodePrint,
  readJson,
  readDump,
  readLiteral,
  readSureBits,
  readSureDecimals,
  readSureBase64,
  readHexDigits,
]

/** What may be written before the bytes, if their form is not sure. */
const NAMED: Readonly<Record<string, Reader>> = {
  hex: readHexDigits,
  bits: readBits,
  decimal: readDecimals,
  base64: readBase64,
}

const NAME = /^\s*(?:(hex|bits|decimal|base64)\s*:|data:[^,]{0,200};(base64),)/i

/** Reads bytes from `text`, in time in proportion to its length. Never throws. */
export function readPasted(text: string): Pasted {
  if (text.length > LONGEST_TEXT) return { fault: { what: 'long', most: LONGEST_TEXT } }
  // Pages indent with no-break spaces, and an editor puts a byte order mark first.
  const plain = text.replaceAll(/[\u00a0\ufeff]/g, ' ')
  if (plain.trim() === '') return { fault: { what: 'nothing' } }
  const reading = readNamed(plain) ?? readFirst(plain)
  if ('fault' in reading) return reading
  return withoutHeaders(reading.parts, reading.notes ?? [])
}

/** Hex digits in any grouping and nothing else: what a field for hex takes. Never throws. */
export function readHex(text: string): Pasted {
  if (text.length > LONGEST_TEXT) return { fault: { what: 'long', most: LONGEST_TEXT } }
  const reading = readHexDigits(text)
  return 'fault' in reading ? reading : { bytes: concat(reading.parts), notes: [] }
}

function readNamed(text: string): ReturnType<Reader> {
  const match = NAME.exec(text)
  const reader = match === null ? undefined : NAMED[(match[1] ?? match[2])!.toLowerCase()]
  // Blanks instead of the name: places stay as they are.
  return reader?.(' '.repeat(match![0].length) + text.slice(match![0].length))
}

function readFirst(text: string): NonNullable<ReturnType<Reader>> {
  for (const read of FORMS) {
    const reading = read(text)
    if (reading !== undefined) return reading
  }
  return { fault: { what: 'nothing' } }
}
