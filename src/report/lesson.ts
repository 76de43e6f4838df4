// What a lesson takes from a capture (page-data.ts), out of the events of a walk: some whole frames of each kind, short ones, with what they say;
// and a handshake. What it needs of memory is held by the bounds below, however long the capture is.
import { concat, copy } from '../base/bytes.ts'
import type { AnalysisEvent, ConnectionEvent, FrameEvent, MessageEvent } from '../base/events.ts'
import type { FindingEvent } from '../base/findings.ts'
import type { ConnectionRecord } from '../records/records.ts'
import { toRecord } from '../records/to-record.ts'
import { encodeHeader } from '../websocket/encode.ts'
import { unmask } from '../websocket/mask.ts'
import type { LessonCapture, LessonFrame, LessonMessage } from './page-data.ts'

/** Frames of one kind: of one side and opcode, with the same bits and the same form of the length. */
const PER_KIND = 12
/** Frames in all. */
const MOST_FRAMES = 300
/** Connections that are drawn from. */
const MOST_CONNECTIONS = 64
/** Payload bytes: what is longer makes no example, but of the longest form of the length. */
const LONGEST = 4096
const LONGEST_OF_ALL = 70_000
const LONG_FORM_FRAMES = 2
/** Bytes of fragments that wait for their message, of the window of messages before, and of what a message says; per side. */
const MOST_HELD = 32 * 1024
/** Characters of both heads together. */
const LONGEST_HANDSHAKE = 32 * 1024

/** What is remembered of one side of a connection. */
interface Sender {
  /** The payloads of the message that is not whole yet; undefined where they are too many. */
  fragments: Uint8Array[] | undefined
  /** What its compressed messages said; undefined where that is not known. */
  window: Uint8Array | undefined
}

type Taken = { -readonly [Key in keyof LessonFrame]: LessonFrame[Key] } & {
  findings: LessonFrame['findings'][number][]
}

/** Takes events. */
export class LessonCollector {
  readonly #frames: Taken[] = []
  readonly #kinds = new Map<string, number>()
  readonly #senders = new Map<string, Sender>()
  readonly #connections = new Map<number, ConnectionEvent>()
  #handshake: Omit<ConnectionRecord, 'type'> | undefined
  /** The frame whose findings and whose message come next. */
  #current: { readonly event: FrameEvent; readonly taken: Taken | undefined } | undefined

  event(event: AnalysisEvent): void {
    if (event.type === 'connection') this.#connection(event)
    else if (event.type === 'frame') this.#frame(event)
    else if (event.type === 'message') this.#message(event)
    else if (event.type === 'finding') this.#finding(event)
  }

  /** All that was taken. `name`: what the page calls the capture. */
  take(name: string): LessonCapture {
    return { name, frames: this.#frames, ...(this.#handshake && { connection: this.#handshake }) }
  }

  #connection(event: ConnectionEvent): void {
    if (this.#connections.size < MOST_CONNECTIONS) this.#connections.set(event.connection, event)
    if (this.#handshake !== undefined || event.request === null || event.response === null) return
    const { type: _, ...record } = toRecord(event) as ConnectionRecord
    if (JSON.stringify(record).length <= LONGEST_HANDSHAKE) this.#handshake = record
  }

  #frame(event: FrameEvent): void {
    this.#current = undefined
    if (!this.#connections.has(event.connection)) return
    if (event.opcode < 8) {
      const sender = this.#senderOf(event)
      if (event.opcode > 0) sender.fragments = []
      const held = sender.fragments?.reduce((sum, { length }) => sum + length, 0) ?? 0
      if (held + event.payload.length > MOST_HELD) sender.fragments = undefined
      else sender.fragments?.push(copy(event.payload))
    }
    this.#current = { event, taken: this.#isWanted(event) ? takeFrame(event) : undefined }
    if (this.#current.taken !== undefined) this.#frames.push(this.#current.taken)
  }

  #isWanted(event: FrameEvent): boolean {
    const { payload, payloadLength, holes, cutBy, headerLength, masked } = event
    if (this.#frames.length >= MOST_FRAMES) return false
    if (holes !== undefined || cutBy !== undefined || payload.length !== payloadLength) return false
    const isLongForm = headerLength === (masked ? 14 : 10)
    if (payload.length > (isLongForm ? LONGEST_OF_ALL : LONGEST)) return false
    const kind = [event.from, event.opcode, event.fin, event.rsv1, headerLength, payload.length > 0].join(' ')
    const count = this.#kinds.get(kind) ?? 0
    if (count >= (isLongForm ? LONG_FORM_FRAMES : PER_KIND)) return false
    this.#kinds.set(kind, count + 1)
    return true
  }

  #message(event: MessageEvent): void {
    const current = this.#current
    const isOwn =
      current?.event.connection === event.connection && event.frames.at(-1) === current.event.frame
    if (current === undefined || !isOwn) return
    const sender = this.#senderOf(event)
    const wirePayload = sender.fragments && concat(sender.fragments)
    sender.fragments = []
    if (current.taken !== undefined && wirePayload?.length === event.wireLength)
      current.taken.message = takeMessage(event, wirePayload, sender.window)
    if (event.compressed) this.#slide(sender, event)
  }

  #finding(event: FindingEvent): void {
    const current = this.#current
    if (current?.taken === undefined || event.frame !== current.event.frame) return
    if (event.connection !== current.event.connection) return
    const { code, severity, values, reference } = event
    current.taken.findings.push({ code, severity, values, reference })
  }

  /** The window that the next message has before it. */
  #slide(sender: Sender, { connection, from, data, incomplete }: MessageEvent): void {
    if (this.#connections.get(connection)?.deflate?.[from].contextTakeover === false) return
    if (sender.window === undefined || data === undefined || incomplete) sender.window = undefined
    else sender.window = copy(concat([sender.window, data]).subarray(-MOST_HELD))
  }

  #senderOf({ connection, from }: FrameEvent | MessageEvent): Sender {
    const name = `${connection} ${from}`
    let sender = this.#senders.get(name)
    if (sender === undefined) {
      sender = { fragments: [], window: new Uint8Array(0) }
      this.#senders.set(name, sender)
    }
    return sender
  }
}

function takeFrame(event: FrameEvent): Taken {
  const { connection, frame, from, payload, maskingKey } = event
  const wire = maskingKey === undefined ? payload : unmask(payload, 0, payload.length, maskingKey, 0)
  return { connection, frame, from, bytes: base64(concat([encodeHeader(event), wire])), findings: [] }
}

function takeMessage(
  { opcode, frames, compressed, data, incomplete }: MessageEvent,
  wirePayload: Uint8Array,
  window: Uint8Array | undefined,
): LessonMessage {
  return {
    opcodeName: opcode === 1 ? 'text' : 'binary',
    frames,
    compressed,
    wirePayload: base64(wirePayload),
    ...(compressed && window !== undefined && window.length > 0 && { window: base64(window) }),
    ...(data !== undefined && data.length <= MOST_HELD && { data: base64(data) }),
    incomplete,
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
