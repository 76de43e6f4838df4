// Texts and frames that exercises are drawn from.
import { Opcode } from '../../../base/events.ts'
import { makeFrames } from '../make-frames.ts'
import { between, drawKey, oneOf } from '../random.ts'

const SHORT = ['cat', 'dog', 'yes', 'no', 'hi', 'tea', 'sun', 'map', 'run', 'key', 'bit', 'web', 'ok', 'red']
const LONGER = [
  'Hello',
  'socket',
  'frame',
  'client',
  'server',
  'ocean',
  'garden',
  'window',
  'number',
  'kettle',
]
const SENTENCES = [
  'the price is 42',
  'the door is open',
  'see you at noon',
  'nothing is lost',
  'one two three four',
  '服务器回应: 111',
  '你好，世界',
  'all bits have names',
]

const encoder = new TextEncoder()

/** A word of two or three letters. */
export const shortText = (): string => oneOf(SHORT)

/** A word of five letters or more, all ASCII. */
export const longerText = (): string => oneOf(LONGER)

/** A few words, and a number that makes them others each time. */
export const sentence = (): string => `${oneOf(SENTENCES)} ${between(10, 999)}`

/** UTF-8. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** A text frame, masked or not. */
export function textFrame(text: string, masked: boolean, compressed = false): Uint8Array {
  const key = masked ? drawKey : undefined
  return makeFrames({ opcode: Opcode.text, payload: utf8(text), key, compressed })[0]!
}

/** A control frame of a server. */
export function controlFrame(opcode: number, payload: Uint8Array): Uint8Array {
  return makeFrames({ opcode, payload })[0]!
}
