// Messages in several frames.
import { concat } from '../../../base/bytes.ts'
import { Opcode } from '../../../base/events.ts'
import type { Catalogue } from '../../../language/catalogue.ts'
import { makeFrames } from '../make-frames.ts'
import { between, drawBytes, oneOf } from '../random.ts'
import { longerText, utf8 } from './draw.ts'
import type { Exercises } from './exercise.ts'

interface Part {
  readonly opcode: number
  readonly fin: boolean
}

/** `text (FIN 0), continuation (FIN 1)`. */
const named = (parts: readonly Part[], { names, walk }: Catalogue): string =>
  parts.map(({ opcode, fin }) => walk.part(names.opcode(opcode), `FIN ${fin ? 1 : 0}`)).join(walk.comma)

function message(fragments: number): Part[] {
  const opcode = oneOf([Opcode.text, Opcode.binary])
  const parts = Array.from(
    { length: fragments },
    (_, i): Part => ({
      opcode: i === 0 ? opcode : Opcode.continuation,
      fin: i === fragments - 1,
    }),
  )
  const ping = { opcode: Opcode.ping, fin: true }
  return parts.flatMap((part, i) => (i > 0 && between(0, 2) === 0 ? [ping, part] : [part]))
}

export const fragmentationExercises: Exercises = {
  countMessages: () => {
    const parts = Array.from({ length: between(2, 3) }, () => message(between(1, 3))).flat()
    if (oneOf([true, false])) parts.push({ opcode: Opcode.text, fin: false })
    return {
      answer: { form: 'number', is: parts.filter(({ opcode, fin }) => fin && opcode < Opcode.close).length },
      say: (catalogue) => ({
        ...catalogue.messageExercises.countMessages,
        question: catalogue.messageExercises.countMessages.question(named(parts, catalogue)),
      }),
    }
  },
  joinFragments: () => {
    const text = longerText() + longerText()
    const frames = makeFrames({ opcode: Opcode.text, payload: utf8(text), fragments: 3 })
    const pong = makeFrames({ opcode: Opcode.pong, payload: drawBytes(2) })
    return {
      bytes: concat([...frames.slice(0, 1), ...oneOf([[], pong]), ...frames.slice(1)]),
      answer: { form: 'text', is: text },
      say: ({ messageExercises: { joinFragments: words } }) => words,
    }
  },
  fragmentByte: () => {
    const place = oneOf(['first', 'middle', 'last'] as const)
    return {
      answer: { form: 'hex', is: Uint8Array.of({ first: 0x01, middle: 0x00, last: 0x80 }[place]) },
      say: ({ messageExercises: { fragmentByte: words } }) => ({ ...words, question: words.question(place) }),
    }
  },
  brokenOrder: () => {
    const fault = between(0, 2)
    const open = message(between(2, 3))
    const parts =
      fault === 0
        ? [...message(1), { opcode: Opcode.continuation, fin: true }]
        : fault === 1
          ? [open[0]!, { opcode: Opcode.text, fin: true }, ...open.slice(1)]
          : [...open, ...message(1)]
    return {
      answer: { form: 'choice', is: fault },
      say: (catalogue) => ({
        ...catalogue.messageExercises.brokenOrder,
        question: catalogue.messageExercises.brokenOrder.question(named(parts, catalogue)),
      }),
    }
  },
}
