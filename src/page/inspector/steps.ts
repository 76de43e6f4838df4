// The decoding of a frame in order, one field at a time: what each step looks at, and how much of the frame is decoded after it.
import type { FrameField } from '../../websocket/fields.ts'
import { fieldSpot, payloadSpot, type ReadFrame } from './read-frame.ts'
import type { Spot } from './spot.ts'

/** One step. */
export type Step = { readonly spot: Spot } & (
  | { readonly kind: 'field'; readonly field: FrameField }
  /** A payload byte is unmasked. */
  | { readonly kind: 'unmask'; readonly index: number }
  /** The others, all at once. */
  | { readonly kind: 'unmask-rest'; readonly count: number }
  | { readonly kind: 'append' }
  | { readonly kind: 'inflate' }
  | { readonly kind: 'message' }
)

/** Payload bytes that are unmasked one by one. */
const ONE_BY_ONE = 12

/** The steps of a frame. A frame whose header is not whole has none. */
export function stepsOf(read: ReadFrame): Step[] {
  const { fields, header, frame, payloadLength } = read
  if (header === undefined) return []
  const payload = payloadSpot(read, 0, payloadLength)
  const steps: Step[] = fields
    .filter(({ name }) => name !== 'Payload data')
    .map((field) => ({ kind: 'field', field, spot: fieldSpot(field) }))
  if (payloadLength > 0 && header.masked) {
    const single = Math.min(payloadLength, ONE_BY_ONE)
    for (let index = 0; index < single; index++)
      steps.push({ kind: 'unmask', index, spot: payloadSpot(read, index) })
    if (payloadLength > single) {
      const spot = payloadSpot(read, single, payloadLength)
      steps.push({ kind: 'unmask-rest', count: payloadLength - single, spot })
    }
  } else if (payloadLength > 0) {
    const field = fields.find(({ name }) => name === 'Payload data')!
    steps.push({ kind: 'field', field, spot: payload })
  }
  if (frame.message?.compressed === true && frame.message.data !== undefined) {
    steps.push({ kind: 'append', spot: payload }, { kind: 'inflate', spot: payload })
  }
  if (frame.message?.data !== undefined || (header.opcode >= 8 && payloadLength > 0))
    steps.push({ kind: 'message', spot: payload })
  return steps
}
