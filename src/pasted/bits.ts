// Bits: `10000001 00000101`, `1000 0001`, `0b10000001`, `1000_0001`.
import { placeOf, type Reading, shorten, whole } from './reading.ts'

const GROUP = /(?:0b)?([01_]+)|[\s,;]+|(.)/giu

/**
 * Reads bits if the text has nothing else: groups of eight, of four, or with 0b before them, or one run that starts with 1. Undefined if
 * it is something else.
 */
export function readSureBits(text: string): Reading | undefined {
  if (!/^[\s,;01b_]+$/i.test(text) || !/[01]/.test(text)) return undefined
  const groups = text.split(/[\s,;]+/).filter((group) => group !== '')
  const isMarked = groups.every((group) => /^0b[01]/i.test(group))
  const digits = groups.map((group) => group.replaceAll('_', ''))
  const isGrouped = (size: number): boolean =>
    digits.every((group) => /^[01]+$/.test(group) && group.length === size)
  // One run of digits: as hex it would start with 0x10 or 0x11, as no frame does.
  const isRun = digits.length === 1 && /^1[01]*$/.test(digits[0]!) && digits[0]!.length % 8 === 0
  const isBits =
    isMarked || isRun || (digits.length > 1 && (isGrouped(8) || (digits.length % 2 === 0 && isGrouped(4))))
  if (!isBits) return undefined
  const reading = readBits(text)
  if ('fault' in reading || isMarked) return reading
  return { ...reading, notes: [{ what: 'read-as', form: 'bits' }] }
}

/** Reads bits. Groups of four make a byte two by two; any other group is whole bytes, or, after 0b, the number of one byte. */
export function readBits(text: string): Reading {
  const bytes: number[] = []
  let half: string | undefined
  for (const match of text.matchAll(GROUP)) {
    const [group, digits, other] = match
    const at = () => placeOf(text, match.index)
    if (other !== undefined)
      return { fault: { what: 'character', at: at(), character: other, within: undefined } }
    if (digits === undefined) continue
    const clean = digits.replaceAll('_', '')
    const isNumber = /^0b/i.test(group) && clean.length < 8
    let bits = isNumber ? clean.padStart(8, '0') : clean
    if (half !== undefined) bits = half + bits
    half = undefined
    if (bits.length === 4) half = bits
    else if (bits.length % 8 !== 0) return { fault: { what: 'bits', at: at(), digits: shorten(group) } }
    else for (let i = 0; i < bits.length; i += 8) bytes.push(Number.parseInt(bits.slice(i, i + 8), 2))
  }
  if (half !== undefined)
    return { fault: { what: 'bits', at: placeOf(text, text.lastIndexOf(half)), digits: half } }
  return bytes.length === 0 ? { fault: { what: 'nothing' } } : whole(bytes)
}
