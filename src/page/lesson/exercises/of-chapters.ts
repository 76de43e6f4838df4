// The chapters in their order, each with its exercises: an exercise needs only what its chapter or an earlier one teaches.
import { articleExercises } from './article.ts'
import { closingExercises } from './closing.ts'
import { compressionExercises } from './compression.ts'
import { controlExercises } from './control.ts'
import type { Exercises } from './exercise.ts'
import { firstFrameExercises } from './first-frame.ts'
import { fragmentationExercises } from './fragmentation.ts'
import { handshakeExercises } from './handshake.ts'
import { hexAndBitsExercises } from './hex-and-bits.ts'
import { lengthExercises } from './lengths.ts'
import { maskingExercises } from './masking.ts'
import { pollingExercises } from './polling.ts'

/** The exercises of each chapter. */
export const EXERCISES = {
  polling: pollingExercises,
  handshake: handshakeExercises,
  'hex-and-bits': hexAndBitsExercises,
  'first-frame': firstFrameExercises,
  lengths: lengthExercises,
  masking: maskingExercises,
  fragmentation: fragmentationExercises,
  control: controlExercises,
  closing: closingExercises,
  compression: compressionExercises,
  article: articleExercises,
} as const satisfies Record<string, Exercises>

/** A chapter, as its address names it. */
export type ChapterName = keyof typeof EXERCISES

/** The chapters in their order. */
export const CHAPTER_NAMES = Object.keys(EXERCISES) as ChapterName[]
