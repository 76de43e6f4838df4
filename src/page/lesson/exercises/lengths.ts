// How a length is written.
import { encodeHeader } from '../../../websocket/encode.ts'
import { fewestBits, lengthFormOf } from '../../../websocket/header.ts'
import { between, oneOf } from '../random.ts'
import type { Exercises } from './exercise.ts'

const anySize = (): number =>
  oneOf([between(1, 125), between(126, 999), between(1000, 65_535), between(65_536, 70_000)])

export const lengthExercises: Exercises = {
  lengthForm: () => {
    const size = anySize()
    return {
      answer: { form: 'number', is: { 7: size, 16: 126, 64: 127 }[fewestBits(size)] },
      say: ({ headerExercises: { lengthForm: words } }) => ({ ...words, question: words.question(size) }),
    }
  },
  lengthRead: (material) => {
    const { inspected, header } = material.example(
      ({ header }) => lengthFormOf(header) === 16 && !header.masked,
      () => {
        const bits = { fin: true, rsv1: false, rsv2: false, rsv3: false, opcode: oneOf([1, 2]) }
        return encodeHeader({
          ...bits,
          headerLength: 4,
          payloadLength: between(126, 5000),
          maskingKey: undefined,
        })
      },
    )
    const bytes = inspected.bytes.subarray(0, header.headerLength)
    return {
      bytes,
      answer: { form: 'number', is: Number(header.payloadLength) },
      say: ({ headerExercises: { lengthRead: words } }) => ({
        ...words,
        why: words.why(bytes[2]!, bytes[3]!),
      }),
    }
  },
  lengthWrite: () => {
    const size = between(126, 65_535)
    return {
      answer: { form: 'hex', is: Uint8Array.of(size >> 8, size & 0xff) },
      say: ({ headerExercises: { lengthWrite: words } }) => ({ ...words, question: words.question(size) }),
    }
  },
  frameSize: () => {
    const size = anySize()
    const header = 2 + { 7: 0, 16: 2, 64: 8 }[fewestBits(size)]
    return {
      answer: { form: 'number', is: header + size },
      say: ({ headerExercises: { frameSize: words } }) => ({
        question: words.question(size),
        hint: words.hint,
        why: words.why(header, size),
      }),
    }
  },
}
