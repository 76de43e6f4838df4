// Masking, and why it is not encryption.
import { hexOf } from '../../inspector/byte-text.ts'
import { between, oneOf } from '../random.ts'
import { longerText, shortText, textFrame } from './draw.ts'
import type { Exercises } from './exercise.ts'
import { isPlainWord, shortFrame } from './first-frame.ts'

export const maskingExercises: Exercises = {
  senderOf: (material) => {
    const { inspected, header } = shortFrame(material)
    return {
      bytes: inspected.bytes,
      answer: { form: 'choice', is: header.masked ? 0 : 1 },
      say: ({ headerExercises: { senderOf: words } }) => words,
    }
  },
  maskedLengthOf: (material) => {
    const { inspected, payload } = shortFrame(material, true)
    return {
      bytes: inspected.bytes,
      answer: { form: 'number', is: payload.length },
      say: ({ headerExercises: { maskedLengthOf: words } }) => ({
        ...words,
        why: words.why(hexOf(inspected.bytes[1]!)),
      }),
    }
  },
  payloadStart: (material) => {
    const { inspected, header } = shortFrame(material)
    return {
      bytes: inspected.bytes,
      answer: { form: 'number', is: header.headerLength },
      say: ({ headerExercises: { payloadStart: words } }) => words,
    }
  },
  frameHeader: () => {
    const size = oneOf([between(1, 125), between(126, 9000)])
    const masked = oneOf([true, false])
    return {
      answer: { form: 'number', is: 2 + (size > 125 ? 2 : 0) + (masked ? 4 : 0) },
      say: ({ headerExercises: { frameHeader: words } }) => ({
        question: words.question(size, masked),
        hint: words.hint,
        why: words.why(masked, size > 125),
      }),
    }
  },
  keyIndex: () => {
    const index = between(4, 99)
    return {
      answer: { form: 'number', is: index % 4 },
      say: ({ headerExercises: { keyIndex: words } }) => ({
        question: words.question(index),
        hint: words.hint,
        why: words.why(index),
      }),
    }
  },
  unmaskByte: (material) => {
    const { inspected, header, payload } = material.example(
      ({ header, payload }) => header.headerLength === 6 && payload.length > 1 && payload.length <= 24,
      () => textFrame(longerText(), true),
    )
    const index = between(0, payload.length - 1)
    const masked = inspected.bytes[header.headerLength + index]!
    return {
      bytes: inspected.bytes,
      answer: { form: 'hex', is: payload.slice(index, index + 1) },
      say: ({ headerExercises: { unmaskByte: words } }) => ({
        question: words.question(index),
        hint: words.hint,
        why: words.why(hexOf(masked), hexOf(masked ^ payload[index]!)),
      }),
    }
  },
  unmaskText: (material) => {
    const { inspected, payload } = material.example(
      (example) => example.header.masked && isPlainWord(example),
      () => textFrame(shortText(), true),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'text', is: String.fromCharCode(...payload) },
      say: ({ headerExercises: { unmaskText: words } }) => words,
    }
  },
  findKey: () => {
    const text = longerText()
    const frame = textFrame(text, true)
    return {
      bytes: frame.subarray(6),
      answer: { form: 'hex', is: frame.slice(2, 6) },
      say: ({ headerExercises: { findKey: words } }) => ({
        ...words,
        question: words.question(text.slice(0, 4)),
      }),
    }
  },
}
