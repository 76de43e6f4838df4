// permessage-deflate.
import { Opcode } from '../../../base/events.ts'
import { shownUtf8 } from '../../captured-text.ts'
import { between, oneOf } from '../random.ts'
import { longerText, sentence, textFrame } from './draw.ts'
import type { Exercises } from './exercise.ts'
import { isShort } from './first-frame.ts'

const decoder = new TextDecoder()

export const compressionExercises: Exercises = {
  isDeflated: (material) => {
    const { inspected, header } = material.example(
      (example) =>
        isShort(example) &&
        (example.header.opcode === Opcode.text || example.header.opcode === Opcode.binary),
      () => textFrame(longerText(), oneOf([true, false]), oneOf([true, false])),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'choice', is: header.rsv1 ? 0 : 1 },
      say: ({ messageExercises: { isDeflated: words } }) => words,
    }
  },
  deflatedByte: () => {
    const kind = oneOf(['text', 'binary'] as const)
    const whole = oneOf([true, false])
    return {
      answer: { form: 'hex', is: Uint8Array.of(Opcode[kind] | 0x40 | (whole ? 0x80 : 0)) },
      say: ({ messageExercises: { deflatedByte: words } }) => ({
        ...words,
        question: words.question(kind, whole),
      }),
    }
  },
  tail: () => ({
    answer: { form: 'hex', is: Uint8Array.of(0x00, 0x00, 0xff, 0xff) },
    say: ({ messageExercises: { tail: words } }) => words,
  }),
  rsv1Count: () => {
    const fragments = between(2, 9)
    return {
      answer: { form: 'number', is: 1 },
      say: ({ messageExercises: { rsv1Count: words } }) => ({
        ...words,
        question: words.question(fragments),
      }),
    }
  },
  inflateText: (material) => {
    const { inspected } = material.example(
      ({ header, inspected: { message } }) =>
        header.fin &&
        header.rsv1 &&
        !header.masked &&
        message?.data !== undefined &&
        message.window === undefined &&
        message.opcodeName === 'text' &&
        message.frames.length === 1 &&
        message.data.length <= 60 &&
        // What cannot be seen cannot be typed.
        shownUtf8(message.data) === decoder.decode(message.data),
      () => textFrame(sentence(), false, true),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'text', is: decoder.decode(inspected.message!.data) },
      say: ({ messageExercises: { inflateText: words } }) => words,
    }
  },
}
