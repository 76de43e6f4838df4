// Reading a header of two bytes.
import { Opcode } from '../../../base/events.ts'
import { hexOf } from '../../inspector/hex-dump.tsx'
import { makeFrames } from '../make-frames.ts'
import type { Example, Material } from '../material.ts'
import { drawKey, oneOf } from '../random.ts'
import { longerText, shortText, textFrame, utf8 } from './draw.ts'
import type { MakeExercise } from './exercise.ts'

/** A frame that fits on a blackboard. */
export const isShort = ({ header, payload }: Example): boolean =>
  payload.length <= 24 && header.headerLength <= 6

function anyFrame(material: Material): Example {
  return material.example(isShort, () => {
    const opcode = oneOf([Opcode.text, Opcode.binary, Opcode.ping, Opcode.pong])
    return makeFrames({ opcode, payload: utf8(longerText()), key: oneOf([drawKey, undefined]) })[0]!
  })
}

export const firstFrameExercises: readonly MakeExercise[] = [
  (material) => {
    const { inspected, header } = anyFrame(material)
    return {
      bytes: inspected.bytes,
      answer: { form: 'number', is: header.opcode },
      say: ({ headerExercises: { opcodeOf: words } }) => ({
        ...words,
        why: words.why(hexOf(inspected.bytes[0]!)),
      }),
    }
  },
  (material) => {
    const { inspected, header } = anyFrame(material)
    return {
      bytes: inspected.bytes,
      answer: { form: 'choice', is: header.masked ? 0 : 1 },
      say: ({ headerExercises: { senderOf: words } }) => words,
    }
  },
  (material) => {
    const { inspected, payload } = anyFrame(material)
    return {
      bytes: inspected.bytes,
      answer: { form: 'number', is: payload.length },
      say: ({ headerExercises: { payloadLengthOf: words } }) => ({
        ...words,
        why: words.why(hexOf(inspected.bytes[1]!)),
      }),
    }
  },
  (material) => {
    const { inspected, payload } = material.example(
      ({ header, payload }) =>
        !header.masked && header.fin && !header.rsv1 && header.opcode === Opcode.text && isAscii(payload),
      () => textFrame(oneOf([shortText(), longerText()]), false),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'text', is: String.fromCharCode(...payload) },
      say: ({ headerExercises: { textOf: words } }) => words,
    }
  },
  (material) => {
    const { inspected, header } = anyFrame(material)
    return {
      bytes: inspected.bytes,
      answer: { form: 'number', is: header.headerLength },
      say: ({ headerExercises: { payloadStart: words } }) => words,
    }
  },
]

/** Whether bytes are a word or two that anyone can read off an ASCII table. */
export function isAscii(payload: Uint8Array): boolean {
  return payload.length > 0 && payload.length <= 12 && payload.every((byte) => byte > 0x20 && byte < 0x7f)
}
