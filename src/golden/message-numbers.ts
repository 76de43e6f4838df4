// Messages and frames as numbers: equal ones have one number. So no comparison makes a copy of a text.
import { hash } from 'node:crypto'
import type { GoldenConnection, GoldenFrame, GoldenMessage, List } from './golden.ts'

/**
 * A longer content is known by its hash, which takes less memory. And of very long strings, V8's maps look at the length only:
 * thousands of one length would be compared with each other, unit by unit.
 */
const LONGEST_KEY = 128

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
    if (content.length > LONGEST_KEY) return this.of(`${kind} hash`, sha256(Buffer.from(content, 'utf16le')))
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

/** Connections whose messages and frames have numbers. */
export interface NumberedConnections {
  readonly connections: List<GoldenConnection>
  /** What each is besides: equal for equal ones. */
  readonly facts: readonly ConnectionNumbers[]
  /** How many messages and frames there are. */
  readonly items: number
  /** Those of a connection. */
  messages(connection: number): Int32Array
  /** Undefined if it has no frames. */
  frames(connection: number): Int32Array | undefined
}

/** What tells connections apart. */
export interface ConnectionNumbers {
  /** The same for connections that are equal in everything that is compared. */
  readonly key: string
  /** The same for connections to equal targets. */
  readonly target: number
}

/** The connections with the numbers of their messages and frames: four bytes each. */
export function numbered(
  connections: List<GoldenConnection>,
  withFrames: boolean,
  numbers: MessageNumbers,
): NumberedConnections {
  const messages = new NumberLists()
  const frames = withFrames ? new NumberLists() : undefined
  const facts: ConnectionNumbers[] = []
  for (const connection of connections) {
    messages.push(connection.messages, (message) => numbers.ofMessage(message))
    frames?.push(connection.frames ?? [], (frame) => numbers.ofFrame(frame))
    facts.push({
      key: keyOf(connection, messages.at(facts.length), frames?.at(facts.length)),
      target: numbers.of('target', `${connection.handshake?.target}`),
    })
  }
  return {
    connections,
    facts,
    items: messages.length + (frames?.length ?? 0),
    messages: (at) => messages.at(at),
    frames: (at) => frames?.at(at),
  }
}

function keyOf(
  { handshake, findings, closed }: GoldenConnection,
  messages: Int32Array,
  frames: Int32Array | undefined,
): string {
  const found = findings.map(({ code, from, count }) => [code, from, count])
  const facts = JSON.stringify([handshake, messages.length, found, closed])
  return sha256(Buffer.concat([Buffer.from(facts), bytesOf(messages), ...(frames ? [bytesOf(frames)] : [])]))
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Hash objects, one for each of a million messages, would hold memory of which the garbage collector does not know. */
function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64')
}

/** Lists of numbers, in one. */
class NumberLists {
  readonly #ends: number[] = []
  #numbers = new Int32Array(1024)
  #length = 0

  /** Of all lists. */
  get length(): number {
    return this.#length
  }

  push<T>(items: List<T>, numberOf: (item: T) => number): void {
    const end = this.#length + items.length
    if (end > this.#numbers.length) {
      const grown = new Int32Array(Math.max(end, 2 * this.#numbers.length))
      grown.set(this.#numbers)
      this.#numbers = grown
    }
    for (const item of items) this.#numbers[this.#length++] = numberOf(item)
    this.#ends.push(end)
  }

  at(list: number): Int32Array {
    return this.#numbers.subarray(list === 0 ? 0 : this.#ends[list - 1]!, this.#ends[list]!)
  }
}
