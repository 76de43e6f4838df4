// Masking, and why it is not encryption.
import { Opcode } from '../../../base/events.ts'
import { hexOf } from '../../inspector/hex-dump.tsx'
import { between } from '../random.ts'
import { longerText, shortText, textFrame } from './draw.ts'
import type { MakeExercise } from './exercise.ts'
import { isAscii } from './first-frame.ts'

export const maskingExercises: readonly MakeExercise[] = [
  () => {
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
  (material) => {
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
  (material) => {
    const { inspected, payload } = material.example(
      ({ header, payload }) =>
        header.masked && header.fin && !header.rsv1 && header.opcode === Opcode.text && isAscii(payload),
      () => textFrame(shortText(), true),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'text', is: String.fromCharCode(...payload) },
      say: ({ headerExercises: { unmaskText: words } }) => words,
    }
  },
  () => {
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
]
