// Ping, pong and close.
import { concat } from '../../../base/bytes.ts'
import { Opcode } from '../../../base/events.ts'
import { encodeFrame } from '../../../websocket/encode.ts'
import { hexOf } from '../../inspector/byte-text.ts'
import { makeFrames } from '../make-frames.ts'
import { between, drawBytes, oneOf } from '../random.ts'
import { controlFrame, longerText, shortText, utf8 } from './draw.ts'
import type { Exercises } from './exercise.ts'
import { isShort } from './first-frame.ts'

const KINDS = [Opcode.close, Opcode.ping, Opcode.pong] as const

export const controlExercises: Exercises = {
  pongPayload: (material) => {
    const { inspected, payload } = material.example(
      (example) =>
        isShort(example) &&
        example.header.opcode === Opcode.ping &&
        !example.header.masked &&
        example.payload.length > 0,
      () => controlFrame(Opcode.ping, drawBytes(between(2, 6))),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'hex', is: payload },
      say: ({ messageExercises: { pongPayload: words } }) => words,
    }
  },
  kindOf: () => {
    const opcode = oneOf(KINDS)
    return {
      answer: { form: 'choice', is: KINDS.indexOf(opcode) },
      say: ({ messageExercises: { kindOf: words }, names }) => ({
        ...words,
        question: words.question(hexOf(0x80 | opcode)),
        options: KINDS.map(names.opcode),
      }),
    }
  },
  brokenControl: () => {
    const fault = between(0, 3)
    const opcode = oneOf([Opcode.ping, Opcode.pong])
    const payload = fault === 2 ? utf8('x'.repeat(between(126, 140))) : drawBytes(between(0, 5))
    return {
      bytes: encodeFrame({ opcode, payload, fin: fault !== 0, rsv1: fault === 1 }),
      answer: { form: 'choice', is: fault },
      say: ({ messageExercises: { brokenControl: words } }) => words,
    }
  },
  controlBetween: () => {
    const text = longerText()
    const [first, second] = makeFrames({ opcode: Opcode.text, payload: utf8(text), fragments: 2 })
    return {
      bytes: concat([first!, controlFrame(Opcode.ping, utf8(shortText())), second!]),
      answer: { form: 'text', is: text },
      say: ({ messageExercises: { controlBetween: words } }) => words,
    }
  },
}
