// Base64 (RFC 4648 §4), and its alphabet for URLs (§5). Taken unasked only if the text can be nothing else.
import { placeOf, type Reading, whole } from './reading.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES: ReadonlyMap<string, number> = new Map([
  ...Array.from(ALPHABET, (digit, value): [string, number] => [digit, value]),
  ['-', 62],
  ['_', 63],
])

/** Fewer digits without padding may be a word, or the name of a file. */
const LEAST_UNPADDED = 16

/**
 * Reads base64 if it is sure: whole groups of four without spaces, that end with `=`, or have capitals, small letters and figures, a
 * third of them no hex digits. Undefined if it is not.
 */
export function readSureBase64(text: string): Reading | undefined {
  if (!/^[\w+/\-\r\n]+={0,2}$/.test(text.trim())) return undefined
  const digits = text.replaceAll(/\s+/g, '')
  if (digits.length % 4 !== 0) return undefined
  if (!digits.endsWith('=') && !isSureUnpadded(digits)) return undefined
  const reading = readBase64(text)
  return 'fault' in reading ? reading : { ...reading, notes: [{ what: 'read-as', form: 'base64' }] }
}

/** Reads base64, padded or not. White space is skipped. */
export function readBase64(text: string): Reading {
  const bytes: number[] = []
  let bits = 0
  let count = 0
  let digits = 0
  let padding = 0
  let last = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    if (/\s/.test(character)) continue
    const value = VALUES.get(character)
    if (character === '=') padding++
    else if (value === undefined || padding > 0)
      return { fault: { what: 'character', at: placeOf(text, i), character, within: undefined } }
    else {
      digits++
      last = i
      bits = ((bits << 6) | value) & 0xfff
      count += 6
      if (count >= 8) {
        count -= 8
        bytes.push((bits >> count) & 0xff)
      }
    }
  }
  if (digits === 0) return { fault: { what: 'nothing' } }
  const isCut = digits % 4 === 1 || (padding > 0 && (digits + padding) % 4 !== 0) || padding > 2
  // Bits that are left over belong to a byte that is not there (RFC 4648 §3.5).
  if (isCut || (bits & ((1 << count) - 1)) !== 0)
    return { fault: { what: 'base64-end', at: placeOf(text, last) } }
  return whole(bytes)
}

function isSureUnpadded(digits: string): boolean {
  const foreign = digits.replaceAll(/[0-9a-f]/gi, '').length
  return (
    digits.length >= LEAST_UNPADDED &&
    foreign * 3 >= digits.length &&
    /[a-z]/.test(digits) &&
    /[A-Z]/.test(digits) &&
    /\d/.test(digits)
  )
}
