// The connections of a capture or a golden file, packed: what is compared of a million messages takes little more memory than their
// texts. Messages of several connections come in any order.
import { FINDINGS, type FindingCode } from '../base/findings.ts'
import type { Side } from '../base/stream.ts'
import type {
  GoldenBytes,
  GoldenClosed,
  GoldenConnection,
  GoldenFinding,
  GoldenFrame,
  GoldenHandshake,
  GoldenMessage,
  List,
  Place,
} from './golden.ts'
import { Numbers, type PackedValue, PackedValues, type ValuePlace } from './packed-values.ts'

/**
 * Bytes that things take in addition to their own: their places, and what a comparison makes of them if all is different. Measured with
 * captures that differ in every message.
 */
const ITEM_COST = 320
const CONNECTION_COST = 256
const FINDING_COST = 64
/** What their own bytes count: texts are made of them one by one. */
const BYTE_COST = 1.25

/** What a connection has besides its messages, frames and findings. */
export interface ConnectionFacts {
  readonly number: number
  readonly handshake: GoldenHandshake | null
}

/** Takes connections and what is in them, and packs it. */
export class ConnectionPacker {
  readonly #values = new PackedValues()
  readonly #facts: ValuePlace[] = []
  readonly #closed: ValuePlace[] = []
  readonly #messages: Column
  readonly #frames: Column | undefined
  readonly #findings: Column
  readonly #spend: (bytes: number) => void
  #charged = 0

  /**
   * `withFrames`: whether connections have frames. `spend`: told of the bytes that each further thing takes, with what its
   * comparison takes; throws if there are too many.
   */
  constructor(withFrames: boolean, spend: (bytes: number) => void = () => {}) {
    this.#spend = spend
    this.#messages = new Column(this.#values)
    this.#frames = withFrames ? new Column(this.#values) : undefined
    this.#findings = new Column(this.#values)
  }

  /** Adds a connection, and answers with its index: 0, 1, 2 … */
  connection(facts: ConnectionFacts): number {
    this.#facts.push(this.#values.push(facts))
    this.#charge(CONNECTION_COST)
    return this.#facts.length - 1
  }

  /** Adds a message of the connection with this index. */
  message(connection: number, { text, ...message }: GoldenMessage): void {
    this.#messages.push(connection, messageHead(message, text !== undefined), text)
    this.#charge(ITEM_COST)
  }

  /** Adds a frame. Only with `withFrames`. */
  frame(connection: number, frame: GoldenFrame): void {
    this.#frames!.push(connection, frame)
    this.#charge(ITEM_COST)
  }

  /** Adds a finding. */
  finding(connection: number, finding: GoldenFinding): void {
    const { code, from, count, place, message } = finding
    const { frames, firstPacket, lastPacket } = place ?? {}
    const head: FindingHead = [code, from, count, message, frames ?? 0, firstPacket, lastPacket]
    this.#findings.push(connection, head)
    this.#charge(FINDING_COST)
  }

  /** Says how the connection was closed. */
  closed(connection: number, closed: GoldenClosed): void {
    this.#closed[connection] = this.#values.push(closed)
    this.#charge(0)
  }

  /** Adds a whole connection, and answers with its index. */
  add({ number, handshake, messages, frames, findings, closed }: GoldenConnection): number {
    const at = this.connection({ number, handshake })
    for (const message of messages) this.message(at, message)
    for (const frame of frames ?? []) this.frame(at, frame)
    for (const finding of findings) this.finding(at, finding)
    this.closed(at, closed)
    return at
  }

  /** All connections, each of which was closed. Nothing is added after that. */
  end(): List<GoldenConnection> {
    const values = this.#values
    const count = this.#facts.length
    const messages = this.#messages.byConnection(count, messageOf)
    const frames = this.#frames?.byConnection(count, ({ head }) => head as GoldenFrame)
    const findings = this.#findings.byConnection(count, findingOf)
    return new MadeList(count, (i) => ({
      ...(values.at(this.#facts[i]!).head as ConnectionFacts),
      messages: messages(i),
      frames: frames?.(i),
      findings: [...findings(i)],
      closed: values.at(this.#closed[i]!).head as GoldenClosed,
    }))
  }

  #charge(cost: number): void {
    const bytes = this.#values.bytes - this.#charged
    this.#charged = this.#values.bytes
    this.#spend(bytes * BYTE_COST + cost)
  }
}

/** A list that makes its items anew. */
export class MadeList<T> implements List<T> {
  readonly length: number
  readonly #make: (index: number) => T

  constructor(length: number, make: (index: number) => T) {
    this.length = length
    this.#make = make
  }

  at(index: number): T | undefined {
    const at = index < 0 ? index + this.length : index
    return at >= 0 && at < this.length ? this.#make(at) : undefined
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.length; i++) yield this.#make(i)
  }
}

/** Values of one kind, each of a connection. */
class Column {
  readonly #values: PackedValues
  readonly #places = new Numbers()
  readonly #owners = new Numbers()

  constructor(values: PackedValues) {
    this.#values = values
  }

  push(connection: number, head: unknown, text?: string): void {
    this.#places.push(this.#values.push(head, text))
    this.#owners.push(connection)
  }

  /** For each connection its values, in the order in which they came. */
  byConnection<T>(
    connections: number,
    make: (value: PackedValue & { readonly text: string }) => T,
  ): (connection: number) => List<T> {
    const starts = new Uint32Array(connections + 1)
    for (let i = 0; i < this.#owners.length; i++) starts[this.#owners.at(i) + 1]! += 1
    for (let i = 0; i < connections; i++) starts[i + 1]! += starts[i]!
    const next = starts.slice()
    const places = new Float64Array(this.#places.length)
    for (let i = 0; i < this.#places.length; i++) places[next[this.#owners.at(i)]!++] = this.#places.at(i)
    const values = this.#values
    return (connection) => {
      const start = starts[connection]!
      return new MadeList(starts[connection + 1]! - start, (i) => make(values.at(places[start + i]!)))
    }
  }
}

/** A finding, short. */
type FindingHead = readonly [
  code: FindingCode,
  from: Side | undefined,
  count: number | undefined,
  message: string | undefined,
  frames: readonly number[] | 0,
  firstPacket: number | undefined,
  lastPacket: number | undefined,
]

function findingOf({ head }: PackedValue): GoldenFinding {
  const [code, from, count, message, frames, firstPacket, lastPacket] = head as FindingHead
  return {
    code,
    severity: FINDINGS[code].severity,
    from: from ?? undefined,
    count: count ?? undefined,
    place: placeOf(frames, firstPacket, lastPacket),
    message: message ?? undefined,
  }
}

/** JSON has null for what is undefined in a list. */
function placeOf(
  frames: readonly number[] | 0,
  firstPacket: number | null | undefined,
  lastPacket: number | null | undefined,
): Place | undefined {
  if (frames === 0) return undefined
  return { frames, firstPacket: firstPacket ?? undefined, lastPacket: lastPacket ?? undefined }
}

/** A message without its text, short: a capture has a million of them. */
type MessageHead = readonly [
  flags: number,
  bytes: GoldenBytes | 0,
  frames: readonly number[] | 0,
  firstPacket: number | undefined,
  lastPacket: number | undefined,
]
const FROM_SERVER = 1
const IS_TEXT = 2
const INVALID_TEXT = 4
const INCOMPLETE = 8

function messageHead(message: Omit<GoldenMessage, 'text'>, isText: boolean): MessageHead {
  const { from, bytes, invalidText, incomplete, place } = message
  const flags =
    (from === 'server' ? FROM_SERVER : 0) +
    (isText ? IS_TEXT : 0) +
    (invalidText ? INVALID_TEXT : 0) +
    (incomplete ? INCOMPLETE : 0)
  return [flags, bytes ?? 0, place?.frames ?? 0, place?.firstPacket, place?.lastPacket]
}

function messageOf({ head, text }: PackedValue & { readonly text: string }): GoldenMessage {
  const [flags, bytes, frames, firstPacket, lastPacket] = head as MessageHead
  return {
    from: (flags & FROM_SERVER) === 0 ? 'client' : 'server',
    text: (flags & IS_TEXT) === 0 ? undefined : text,
    bytes: bytes === 0 ? undefined : bytes,
    invalidText: (flags & INVALID_TEXT) !== 0,
    incomplete: (flags & INCOMPLETE) !== 0,
    place: placeOf(frames, firstPacket, lastPacket),
  }
}
