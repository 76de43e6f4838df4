// How the sentences of findings name things: frames with their sizes, places, and what cut a frame.
import { toHex } from '../base/bytes.ts'
import { type FrameEvent, OPCODE_NAMES } from '../base/events.ts'
import type { Side } from '../base/stream.ts'
import type { Utf8Fault } from './utf8.ts'

/** `1 byte`, `2 bytes`. */
export function countBytes(count: number | bigint): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}

/** `a ping frame with a payload of 4 bytes`. */
export function nameFrame({ opcode, payloadLength }: FrameEvent): string {
  const name = OPCODE_NAMES[opcode]!
  const size = payloadLength === 0 ? 'no payload' : `a payload of ${countBytes(payloadLength)}`
  return `a ${name} frame with ${size}`
}

/** With a capital first letter, to begin a sentence. */
export function capitalize(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1)
}

/** Up to 16 bytes as hex digits. */
export function quoteBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return '(empty)'
  return bytes.length > 16 ? `${toHex(bytes, '', 0, 16)}… (${bytes.length} bytes)` : toHex(bytes)
}

/** Where bytes stop being UTF-8, and at what. */
export function placeUtf8Fault(bytes: Uint8Array, { validLength, offset }: Utf8Fault): string {
  if (offset === bytes.length) return `it ends inside a character, which starts at byte ${validLength}`
  const byte = `byte ${offset} (0x${toHex(bytes, '', offset, offset + 1)})`
  if (offset === validLength) return `${byte} cannot start a character`
  return `${byte} cannot follow 0x${toHex(bytes, '', validLength, offset)}`
}

/** What carries a WebSocket. Over HTTP/2, END_STREAM and RST_STREAM take the place of FIN and RST (RFC 8441 §5). */
export type Carrier = 'TCP connection' | 'HTTP/2 stream'

/** What cut a frame, as the start of a sentence. */
export function nameCut(cutBy: NonNullable<FrameEvent['cutBy']>, from: Side, carrier: Carrier): string {
  const isTcp = carrier === 'TCP connection'
  switch (cutBy) {
    case 'gap':
      return 'A hole in the capture begins'
    case 'fin':
      return `The ${from} ended its side of the ${carrier}${isTcp ? ' (FIN)' : ''}`
    case 'reset':
      return `The ${carrier} was reset${isTcp ? ' (RST)' : ''}`
    case 'capture':
      return 'The capture ends'
    case 'limit':
      return 'The connection was given up (limit connections or webSockets)'
  }
}

/** Which bytes of a frame's payload are missing. */
export function describeCut(
  frame: FrameEvent,
  cutBy: NonNullable<FrameEvent['cutBy']>,
  carrier: Carrier,
): string {
  const { capturedLength, payloadLength, from } = frame
  const holes = frame.holes ?? []
  const named = holes
    .slice(0, MOST_HOLES)
    .map(([start, end]) => (end - start === 1 ? `${start}` : `${start} to ${end - 1}`))
  if (holes.length > named.length) named.push(`${holes.length - named.length} more ranges`)
  const missing = named.length === 0 ? '' : `; missing: ${named.join(', ')} (counted from 0)`
  const held = `the capture holds ${capturedLength} of the ${countBytes(payloadLength)} of its payload${missing}`
  if (cutBy === 'gap')
    return `A hole in the capture cuts ${nameFrame(frame).replace(/ with .*/, '')}: ${held}.`
  return `${nameCut(cutBy, from, carrier)} inside ${nameFrame(frame).replace(/ with .*/, '')}: ${held}.`
}

/** Holes named one by one. */
const MOST_HOLES = 4
