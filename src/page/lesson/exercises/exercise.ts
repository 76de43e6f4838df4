// What an exercise is: something to be predicted from fresh bytes, and how the page tells whether it was.
import { toHex } from '../../../base/bytes.ts'
import type { Catalogue } from '../../../language/catalogue.ts'
import { readHex } from '../../../pasted/pasted.ts'
import type { Material } from '../material.ts'

/** What is right. Of a choice: the number of the option. */
export type Answer =
  | { readonly form: 'number'; readonly is: number }
  | { readonly form: 'hex'; readonly is: Uint8Array }
  | { readonly form: 'text'; readonly is: string }
  | { readonly form: 'choice'; readonly is: number }

/** What an exercise says, in one language. */
export interface Said {
  readonly question: string
  readonly hint: string
  readonly why: string
  /** Of a choice, in their order. */
  readonly options?: readonly string[]
}

/** One exercise, with the bytes that were drawn for it. */
export interface Exercise {
  /** Shown with the question; one or several frames, or a part of one. */
  readonly bytes?: Uint8Array
  /** Shown with the question: an HTTP head. */
  readonly lines?: readonly string[]
  readonly answer: Answer
  readonly say: (words: Catalogue) => Said
}

/** Draws an exercise. */
export type MakeExercise = (material: Material) => Exercise

/** The exercises of a chapter in their order, each by a name that says what it asks. */
export type Exercises = Readonly<Record<string, MakeExercise>>

/** The right answer as a person would give it. */
export function answerText({ answer, say }: Exercise, words: Catalogue): string {
  if (answer.form === 'hex') return toHex(answer.is, ' ')
  return answer.form === 'choice' ? say(words).options![answer.is]! : String(answer.is)
}

/** Whether an answer is right; undefined if no answer was given that could be. */
export function isRight(answer: Answer, given: string): boolean | undefined {
  const text = given.trim()
  if (text === '') return undefined
  switch (answer.form) {
    case 'number':
    case 'choice':
      return Number(text.replaceAll(/[\s,_\u202f]/g, '')) === answer.is
    case 'hex': {
      const pasted = readHex(text)
      return 'bytes' in pasted && toHex(pasted.bytes) === toHex(answer.is)
    }
    case 'text':
      return text === answer.is.trim()
  }
}
