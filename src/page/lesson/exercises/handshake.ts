// The upgrade from HTTP.
import { acceptSteps } from '../../handshake/accept.ts'
import { drawHandshakeKey, requestLines } from '../handshake.ts'
import { between, oneOf, shuffled } from '../random.ts'
import type { Exercises } from './exercise.ts'

const STATUS = [
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 301 Moved Permanently',
  'HTTP/1.1 426 Upgrade Required',
  'HTTP/1.1 400 Bad Request',
]
const OFFERS = ['permessage-deflate', 'permessage-deflate; client_max_window_bits']

export const handshakeExercises: Exercises = {
  statusLine: () => {
    const options = shuffled([STATUS[0]!, ...shuffled(STATUS.slice(1)).slice(0, 3)])
    return {
      answer: { form: 'choice', is: options.indexOf(STATUS[0]!) },
      say: ({ headerExercises: { statusLine: words } }) => ({ ...words, options }),
    }
  },
  acceptOf: () => {
    const key = drawHandshakeKey()
    return {
      answer: { form: 'text', is: acceptSteps(key).accept },
      say: ({ headerExercises: { acceptOf: words } }) => ({ ...words, question: words.question(key) }),
    }
  },
  isCompressed: () => {
    const offer = oneOf(OFFERS)
    const accepted = oneOf([offer.replace('; client_max_window_bits', ''), undefined])
    return {
      answer: { form: 'choice', is: accepted === undefined ? 1 : 0 },
      say: ({ headerExercises: { isCompressed: words } }) => ({
        ...words,
        question: words.question(offer, accepted),
      }),
    }
  },
  brokenHandshake: () => {
    const fault = between(0, 3)
    const lines = requestLines(drawHandshakeKey(fault === 2 ? oneOf([8, 12, 15]) : 16)).map((line) => {
      if (fault === 0 && line.startsWith('Connection:')) return 'Connection: keep-alive'
      if (fault === 1 && line.startsWith('Sec-WebSocket-Version:'))
        return `Sec-WebSocket-Version: ${oneOf([7, 8, 12])}`
      return fault === 3 ? line.replace(/^GET/, oneOf(['POST', 'PUT', 'HEAD'])) : line
    })
    return {
      lines,
      answer: { form: 'choice', is: fault },
      say: ({ headerExercises: { brokenHandshake: words } }) => words,
    }
  },
}
