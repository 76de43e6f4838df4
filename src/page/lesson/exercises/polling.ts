// What polling costs, and a frame.
import { between, oneOf } from '../random.ts'
import type { MakeExercise } from './exercise.ts'

export const pollingExercises: readonly MakeExercise[] = [
  () => {
    const clients = between(2, 50) * 10
    const seconds = oneOf([1, 2, 3, 5, 10])
    return {
      answer: { form: 'number', is: (clients * 3600) / seconds },
      say: ({ headerExercises: { requestsPerHour: words } }) => ({
        question: words.question(clients, seconds),
        hint: words.hint,
        why: words.why(clients, seconds),
      }),
    }
  },
  () => {
    const seconds = between(1, 30)
    return {
      answer: { form: 'number', is: seconds * 500 },
      say: ({ headerExercises: { meanWait: words } }) => ({ ...words, question: words.question(seconds) }),
    }
  },
  () => {
    const request = between(300, 900)
    const response = between(150, 400)
    const polls = between(2, 20) * 10
    return {
      answer: { form: 'number', is: (request + response) * polls },
      say: ({ headerExercises: { pollHeaders: words } }) => ({
        question: words.question(request, response, polls),
        hint: words.hint,
        why: words.why(request, response, polls),
      }),
    }
  },
  () => {
    const size = oneOf([between(1, 125), between(126, 9000)])
    const masked = oneOf([true, false])
    return {
      answer: { form: 'number', is: 2 + (size > 125 ? 2 : 0) + (masked ? 4 : 0) },
      say: ({ headerExercises: { frameHeader: words } }) => ({
        question: words.question(size, masked),
        hint: words.hint,
        why: words.why(masked, size > 125),
      }),
    }
  },
]
