// Close frames and their codes.
import { Opcode } from '../../../base/events.ts'
import { closeCodeFault } from '../../../websocket/close.ts'
import { lengthFormOf } from '../../../websocket/header.ts'
import { closeBody } from '../make-frames.ts'
import type { Example } from '../material.ts'
import { between, oneOf } from '../random.ts'
import { controlFrame, longerText } from './draw.ts'
import type { Exercises } from './exercise.ts'

const CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011]
const anyCode = (): number => oneOf([oneOf(CODES), between(3000, 4999)])

/** A close frame of a server with a code, no longer than it may be. */
const isReadable = ({ header, payload }: Example): boolean =>
  header.opcode === Opcode.close && !header.masked && payload.length >= 2 && lengthFormOf(header) === 7

export const closingExercises: Exercises = {
  closeCodeOf: (material) => {
    const { inspected, payload } = material.example(isReadable, () =>
      controlFrame(Opcode.close, closeBody(anyCode())),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'number', is: payload[0]! * 256 + payload[1]! },
      say: ({ messageExercises: { closeCodeOf: words } }) => ({
        ...words,
        why: words.why(payload[0]!, payload[1]!),
      }),
    }
  },
  closeBytes: () => {
    const code = anyCode()
    return {
      answer: { form: 'hex', is: Uint8Array.of(code >> 8, code & 0xff) },
      say: ({ messageExercises: { closeBytes: words } }) => ({ ...words, question: words.question(code) }),
    }
  },
  closeReason: (material) => {
    const { inspected, payload } = material.example(
      (example) =>
        isReadable(example) &&
        example.payload.length > 2 &&
        example.payload.subarray(2).every((byte) => byte >= 0x20 && byte < 0x7f),
      () => controlFrame(Opcode.close, closeBody(oneOf(CODES), longerText())),
    )
    return {
      bytes: inspected.bytes,
      answer: { form: 'text', is: String.fromCharCode(...payload.subarray(2)) },
      say: ({ messageExercises: { closeReason: words } }) => words,
    }
  },
  mayBeSent: () => {
    const code = oneOf([
      oneOf([1004, 1005, 1006, 1015]),
      oneOf(CODES),
      between(2000, 2999),
      between(3000, 5500),
    ])
    return {
      answer: { form: 'choice', is: closeCodeFault(code) === undefined ? 0 : 1 },
      say: ({ messageExercises: { mayBeSent: words } }) => ({ ...words, question: words.question(code) }),
    }
  },
}
