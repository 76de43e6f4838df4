// Numbers in hex, bits of a byte, letters as bytes.
import { toHex } from '../../../base/bytes.ts'
import { bitsOf, hexOf } from '../../inspector/byte-text.ts'
import { between, oneOf } from '../random.ts'
import { longerText, shortText, utf8 } from './draw.ts'
import type { Exercises } from './exercise.ts'

/** Not the smallest: nobody learns from 05. */
const anyByte = (): number => between(0x11, 0xff)

export const hexAndBitsExercises: Exercises = {
  hexNumber: () => {
    const byte = anyByte()
    return {
      answer: { form: 'number', is: byte },
      say: ({ headerExercises: { hexNumber: words } }) => ({
        question: words.question(`0x${hexOf(byte)}`),
        hint: words.hint,
        why: words.why(byte >> 4, byte & 0xf),
      }),
    }
  },
  numberHex: () => {
    const byte = anyByte()
    return {
      answer: { form: 'hex', is: Uint8Array.of(byte) },
      say: ({ headerExercises: { numberHex: words } }) => ({
        question: words.question(byte),
        hint: words.hint,
        why: words.why(byte, byte >> 4, byte & 0xf),
      }),
    }
  },
  bitsHex: () => {
    const byte = anyByte()
    return {
      answer: { form: 'hex', is: Uint8Array.of(byte) },
      say: ({ headerExercises: { bitsHex: words } }) => ({
        question: words.question(bitsOf(byte)),
        hint: words.hint,
        why: words.why((byte >> 4).toString(16), (byte & 0xf).toString(16)),
      }),
    }
  },
  lowerBits: () => {
    const byte = between(0x80, 0xff)
    const count = oneOf([4, 7])
    const lower = byte & (2 ** count - 1)
    return {
      answer: { form: 'number', is: lower },
      say: ({ headerExercises: { lowerBits: words } }) => ({
        question: words.question(`0x${hexOf(byte)}`, count),
        hint: words.hint,
        why: words.why(bitsOf(byte), lower.toString(2).padStart(count, '0')),
      }),
    }
  },
  asciiText: () => {
    const text = oneOf([shortText, longerText])()
    return {
      answer: { form: 'text', is: text },
      say: ({ headerExercises: { asciiText: words } }) => ({
        ...words,
        question: words.question(toHex(utf8(text), ' ')),
      }),
    }
  },
}
