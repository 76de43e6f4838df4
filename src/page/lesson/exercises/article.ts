// What the article missed, in other frames of the same kind.
import { concat, toHex } from '../../../base/bytes.ts'
import { hexOf } from '../../inspector/byte-text.ts'
import { sayingOf } from '../lost-byte.ts'
import { between, oneOf, shuffled } from '../random.ts'
import { longerText, sentence, textFrame } from './draw.ts'
import type { Exercises } from './exercise.ts'

const HEADER = 2

/** `bytes` without those from `at` on. */
const without = (bytes: Uint8Array, at: number, count: number): Uint8Array =>
  concat([bytes.subarray(0, at), bytes.subarray(at + count)])

export const articleExercises: Exercises = {
  overlooked: () => ({
    bytes: textFrame(String(between(100, 999)), true, true),
    answer: { form: 'choice', is: 1 },
    say: ({ messageExercises: { overlooked: words } }) => words,
  }),
  hexLength: () => {
    const length = between(0x10, 0x7d)
    return {
      answer: { form: 'number', is: length },
      say: ({ messageExercises: { hexLength: words } }) => ({
        ...words,
        question: words.question(`0x${hexOf(length)}`),
        why: words.why(length >> 4, length & 0xf),
      }),
    }
  },
  lostBytes: () => {
    const frame = textFrame(sentence(), false, true)
    const lost = between(1, 4)
    const at = between(HEADER + 1, frame.length - lost)
    const announced = frame.length - HEADER
    return {
      bytes: without(frame, at, lost),
      answer: { form: 'number', is: lost },
      say: ({ messageExercises: { lostBytes: words } }) => ({
        ...words,
        why: words.why(announced, announced - lost),
      }),
    }
  },
  lostByte: () => {
    const text = sentence()
    const frame = textFrame(text, false, true)
    const position = between(3, frame.length - HEADER - 4)
    const cut = without(frame, HEADER + position, 1)
    const lost = frame[HEADER + position]!
    const right = sayingOf(cut, position, lost)
    const others = shuffled(Array.from({ length: 256 }, (_, value) => value))
      .filter((value) => value !== lost && sayingOf(cut, position, value).text === undefined)
      .slice(0, 3)
    const values = shuffled([lost, ...others])
    return {
      bytes: cut,
      answer: { form: 'choice', is: values.indexOf(lost) },
      say: ({ messageExercises: { lostByte: words } }) => ({
        question: words.question(position),
        hint: words.hint,
        why: words.why(right.text ?? text),
        options: values.map((value) => toHex(Uint8Array.of(value))),
      }),
    }
  },
  whoCanRead: () => {
    const compressed = oneOf([true, false])
    return {
      bytes: textFrame(longerText(), oneOf([true, false]), compressed),
      answer: { form: 'choice', is: compressed ? 2 : 0 },
      say: ({ messageExercises: { whoCanRead: words } }) => ({ ...words, why: words.why(compressed) }),
    }
  },
}
