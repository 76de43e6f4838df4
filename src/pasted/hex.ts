// Hex digits in any grouping: `c18543`, `c1 85`, `0xc1,0x85`, `\xc1\x85`, `c1:85`, `c1-85`, `{ 0xc1, 0x85 }`.
import { placeOf, type Reading, shorten, whole } from './reading.ts'

const TOKENS = /(0x)?([0-9a-z]+)|[\s,:;.\-_"'`{}()[\]\\]+|(.)/giu

/** Reads hex digits. Whatever else is in the text is a fault. */
export function readHexDigits(text: string): Reading {
  const bytes: number[] = []
  for (const match of text.replaceAll('\\x', '0x').matchAll(TOKENS)) {
    const [, prefix, digits, other] = match
    const at = match.index
    if (other !== undefined)
      return { fault: { what: 'character', at: placeOf(text, at), character: other, within: undefined } }
    if (digits === undefined) continue
    // `0xc10x85`, run together, reads as digits with an x among them.
    const clean = digits.replaceAll(/0x/gi, '')
    const wrong = clean.search(/[^0-9a-f]/i)
    if (wrong >= 0) {
      const within = shorten(digits)
      return { fault: { what: 'character', at: placeOf(text, at), character: clean[wrong]!, within } }
    }
    const padded = prefix !== undefined && clean.length === 1 ? `0${clean}` : clean
    if (padded.length % 2 !== 0)
      return { fault: { what: 'odd', at: placeOf(text, at), digits: shorten(digits) } }
    for (let i = 0; i < padded.length; i += 2) bytes.push(Number.parseInt(padded.slice(i, i + 2), 16))
  }
  return bytes.length === 0 ? { fault: { what: 'nothing' } } : whole(bytes)
}
