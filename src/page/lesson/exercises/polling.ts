// What polling costs.
import { between, oneOf } from '../random.ts'
import type { Exercises } from './exercise.ts'

export const pollingExercises: Exercises = {
  requestsPerHour: () => {
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
  meanWait: () => {
    const seconds = between(1, 30)
    return {
      answer: { form: 'number', is: seconds * 500 },
      say: ({ headerExercises: { meanWait: words } }) => ({ ...words, question: words.question(seconds) }),
    }
  },
  pollHeaders: () => {
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
  newsArrives: () => {
    const seconds = between(1, 30)
    const roundTrip = between(5, 150) * 2
    return {
      answer: { form: 'number', is: seconds * 500 + roundTrip / 2 },
      say: ({ headerExercises: { newsArrives: words } }) => ({
        question: words.question(seconds, roundTrip),
        hint: words.hint,
        why: words.why(seconds, roundTrip),
      }),
    }
  },
}
