// A field's value as people read it.
import { toHex, wordToHex } from '../../base/bytes.ts'
import type { Catalogue } from '../../language/catalogue.ts'
import type { FrameField } from '../../websocket/fields.ts'
import type { ReadFrame } from './read-frame.ts'

/** `0x1 (text)`, `43020acf`, `5 bytes`. */
export function valueText(field: FrameField, words: Catalogue): string {
  if (field.name === 'Opcode')
    return words.walk.opcodeValue(`0x${field.value.toString(16)}`, words.names.opcode(Number(field.value)))
  if (field.name === 'Masking key') return wordToHex(Number(field.value))
  if (field.name === 'Payload data') return words.inspector.bytes(field.value)
  return String(field.value)
}

/** The bits of a field of up to 16 bits; the bytes of a longer one, of the payload the first eight. */
export function bitsText({ frame }: ReadFrame, { firstBit, bits }: FrameField): string {
  if (bits > 16) {
    const start = firstBit / 8
    const end = Math.min(start + bits / 8, frame.bytes.length)
    return toHex(frame.bytes, ' ', start, Math.min(end, start + 8)) + (end > start + 8 ? ' …' : '')
  }
  let text = ''
  for (let bit = firstBit; bit < firstBit + bits; bit++) {
    text += (frame.bytes[bit >> 3]! >> (7 - (bit & 7))) & 1
    if (bits > 4 && (firstBit + bits - bit - 1) % 4 === 0 && bit < firstBit + bits - 1) text += ' '
  }
  return text
}
