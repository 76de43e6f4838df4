// Reading a header of two bytes.
import { Opcode } from '../../../base/events.ts'
import { lengthFormOf } from '../../../websocket/header.ts'
import { hexOf } from '../../inspector/byte-text.ts'
import { makeFrames } from '../make-frames.ts'
import type { Example, Material } from '../material.ts'
import { drawKey, oneOf } from '../random.ts'
import { longerText, shortText, textFrame, utf8 } from './draw.ts'
import type { Exercises } from './exercise.ts'

const KINDS = [Opcode.text, Opcode.binary, Opcode.close, Opcode.ping, Opcode.pong] as const

/** A frame that fits on a blackboard. */
export const isShort = ({ header, payload }: Example): boolean =>
  payload.length <= 24 && lengthFormOf(header) === 7

/** A short frame: of a server or of a client, or of either. */
export function shortFrame(material: Material, masked = oneOf([true, false])): Example {
  return material.example(
    (example) => isShort(example) && example.header.masked === masked,
    () => {
      const opcode = oneOf([Opcode.text, Opcode.binary, Opcode.ping, Opcode.pong])
      return makeFrames({ opcode, payload: utf8(longerText()), key: masked ? drawKey : undefined })[0]!
    },
  )
}

export const firstFrameExercises: Exercises = {
  opcodeOf: (material) => {
    const { inspected, header } = shortFrame(material, false)
    return {
      bytes: inspected.bytes,
      answer: { form: 'number', is: header.opcode },
      say: ({ headerExercises: { opcodeOf: words } }) => ({
        ...words,
        why: words.why(hexOf(inspected.bytes[0]!)),
      }),
    }
  },
  kindOfFrame: () => {
    const opcode = oneOf(KINDS)
    return {
      answer: { form: 'choice', is: KINDS.indexOf(opcode) },
      say: ({ headerExercises: { kindOfFrame: words }, names }) => ({
        question: words.question(hexOf(0x80 | opcode)),
        hint: words.hint,
        why: words.why(opcode, names.opcode(opcode)),
        options: KINDS.map(names.opcode),
      }),
    }
  },
  endsMessage: () => {
    const frames = makeFrames({ opcode: Opcode.text, payload: utf8(longerText()), fragments: 2 })
    const frame = oneOf([frames[0]!, textFrame(shortText(), false)])
    const fin = frame[0]! >> 7
    return {
      bytes: frame,
      answer: { form: 'choice', is: fin === 1 ? 0 : 1 },
      say: ({ headerExercises: { endsMessage: words } }) => ({
        ...words,
        why: words.why(hexOf(frame[0]!), fin),
      }),
    }
  },
  payloadLengthOf: (material) => {
    const { inspected, payload } = shortFrame(material, false)
    return {
      bytes: inspected.bytes,
      answer: { form: 'number', is: payload.length },
      say: ({ headerExercises: { payloadLengthOf: words } }) => ({
        ...words,
        why: words.why(hexOf(inspected.bytes[1]!)),
      }),
    }
  },
  textOf: (material) => {
    const { inspected, payload } = material.example(
      (example) => !example.header.masked && isPlainWord(example),
      () => textFrame(oneOf([shortText(), longerText()]), false),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'text', is: String.fromCharCode(...payload) },
      say: ({ headerExercises: { textOf: words } }) => words,
    }
  },
}

/** Whether a frame is a whole text, not compressed: a word or two that anyone can read off an ASCII table. */
export function isPlainWord({ header, payload }: Example): boolean {
  const isText = header.fin && !header.rsv1 && header.opcode === Opcode.text && lengthFormOf(header) === 7
  const isAscii = payload.every((byte) => byte > 0x20 && byte < 0x7f)
  return isText && isAscii && payload.length > 0 && payload.length <= 12
}
