// Messages and frames as numbers: equal ones have one number. So no comparison makes a copy of a text.
import { createHash } from 'node:crypto'
import type { GoldenConnection, GoldenFrame, GoldenMessage } from './golden.ts'

/**
 * Of longer strings, V8's maps look at the length only: thousands of one length would be compared with each other, unit by unit.
 */
const LONGEST_KEY = 16_000

/** Gives numbers from 0 on. */
export class MessageNumbers {
  readonly #known = new Map<string, Map<string, number>>()
  #next = 0

  /** The same for messages that are equal in everything that is compared. */
  ofMessage({ from, text, bytes, invalidText, incomplete }: GoldenMessage): number {
    const kind = `${from}${invalidText ? '!' : ''}${incomplete ? '?' : ''}`
    if (text === undefined) return this.of(`${kind} bytes`, `${bytes?.length}:${bytes?.hex}:${bytes?.sha256}`)
    return this.of(`${kind} text`, text)
  }

  /** The same for frames that are equal in everything that is compared. */
  ofFrame({ from, opcode, fin, rsv, masked, length, lengthForm }: GoldenFrame): number {
    return this.of('frame', `${from} ${opcode} ${fin} ${rsv} ${masked} ${length} ${lengthForm}`)
  }

  /** The same for what is equal in kind and content. */
  of(kind: string, content: string): number {
    if (content.length > LONGEST_KEY)
      return this.of(`${kind} hash`, createHash('sha256').update(content, 'utf16le').digest('base64'))
    let numbers = this.#known.get(kind)
    if (numbers === undefined) {
      numbers = new Map()
      this.#known.set(kind, numbers)
    }
    let number = numbers.get(content)
    if (number === undefined) {
      number = this.#next++
      numbers.set(content, number)
    }
    return number
  }
}

/** A connection whose messages and frames have numbers. */
export interface NumberedConnection {
  readonly connection: GoldenConnection
  readonly messages: Int32Array
  readonly frames: Int32Array | undefined
}

/** The connection with the numbers of its messages and frames. */
export function numbered(connection: GoldenConnection, numbers: MessageNumbers): NumberedConnection {
  return {
    connection,
    messages: Int32Array.from(connection.messages, (message) => numbers.ofMessage(message)),
    frames: connection.frames && Int32Array.from(connection.frames, (frame) => numbers.ofFrame(frame)),
  }
}
