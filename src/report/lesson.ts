// Events in, out comes what a lesson takes from a capture (page-data.ts): a handshake, and some short, whole frames of each kind
// with what they say. The limits below bound its memory, however long the capture is.
import { concat, copy } from '../base/bytes.ts'
import type {
  AnalysisEvent,
  ConnectionEvent,
  Deflate,
  FrameEvent,
  Head,
  MessageEvent,
} from '../base/events.ts'
import type { FindingEvent } from '../base/findings.ts'
import type { ConnectionRecord } from '../records/records.ts'
import { toRecord } from '../records/to-record.ts'
import { encodeHeader } from '../websocket/encode.ts'
import { lengthFormOf } from '../websocket/header.ts'
import { unmask } from '../websocket/mask.ts'
import type { LessonCapture, LessonFrame, LessonMessage } from './page-data.ts'
import { pageNames } from './page-names.ts'

/** Most frames of one kind: with the same side, opcode and bits, and the same form of the length. */
const PER_KIND = 12
/** Most frames in all. */
const MOST_FRAMES = 300
/** Most connections that frames are taken from. */
const MOST_CONNECTIONS = 64
/** Most payload bytes. Longer frames are no good examples, except of the longest form of the length. */
const LONGEST = 4096
const LONGEST_OF_ALL = 70_000
const LONG_FORM_FRAMES = 2
/** Most bytes, for each side, of fragments that wait for their message, of the window, and of what a message says. */
const MOST_HELD = 32 * 1024
/** Most fragments of a message: empty ones cost no bytes. */
const MOST_FRAGMENTS = 256
/** Most bytes of all frames and of what they say. */
const MOST_BYTES = 8 * 1024 * 1024
/** Most characters of both heads together, each header counting for some more. */
const LONGEST_HANDSHAKE = 32 * 1024
const HEADER_COST = 8

/** What is remembered of one side of a connection. */
interface Peer {
  /** The payloads of the unfinished message. Undefined if they have too many bytes, or are too many. */
  fragments: Uint8Array[] | undefined
  /** Their bytes. */
  held: number
  /** What its compressed messages said. Undefined if that is not known. */
  window: Uint8Array | undefined
}

type Taken = { -readonly [Key in keyof LessonFrame]: LessonFrame[Key] } & {
  findings: LessonFrame['findings'][number][]
}

/** Takes the events of a capture, and picks frames. */
export class LessonCollector {
  readonly #frames: Taken[] = []
  readonly #kinds = new Map<string, number>()
  readonly #peers = new Map<string, Peer>()
  /** How each connection that frames are taken from compresses. */
  readonly #connections = new Map<number, Deflate | null>()
  #handshake: Omit<ConnectionRecord, 'type'> | undefined
  /** Bytes that were taken. */
  #bytes = 0
  /** The last frame: its findings and its message come next. */
  #current: { readonly event: FrameEvent; readonly taken: Taken | undefined } | undefined

  event(event: AnalysisEvent): void {
    if (event.type === 'connection') this.#connection(event)
    else if (event.type === 'frame') this.#frame(event)
    else if (event.type === 'message') this.#message(event)
    else if (event.type === 'finding') this.#finding(event)
  }

  /** All that was taken. `paths`: the files that it was taken from. */
  take(paths: readonly string[]): LessonCapture {
    return {
      name: pageNames(paths).join(', '),
      frames: this.#frames,
      ...(this.#handshake && { connection: this.#handshake }),
    }
  }

  #connection(event: ConnectionEvent): void {
    if (this.#connections.size < MOST_CONNECTIONS) this.#connections.set(event.connection, event.deflate)
    if (this.#handshake !== undefined || event.request === null || event.response === null) return
    if (lengthOf(event.request) + lengthOf(event.response) > LONGEST_HANDSHAKE) return
    const { type: _, ...record } = toRecord(event) as ConnectionRecord
    const json = JSON.stringify(record)
    // What is parsed again has strings of its own: none keeps the capture's bytes alive.
    if (json.length <= LONGEST_HANDSHAKE) this.#handshake = JSON.parse(json)
  }

  #frame(event: FrameEvent): void {
    this.#current = undefined
    if (!this.#connections.has(event.connection)) return
    if (event.opcode < 8) {
      const peer = this.#peerOf(event)
      if (event.opcode > 0) empty(peer)
      hold(peer, event.payload)
    }
    this.#current = { event, taken: this.#isWanted(event) ? takeFrame(event) : undefined }
    if (this.#current.taken !== undefined) this.#frames.push(this.#current.taken)
  }

  /** Counts bytes that are taken. Returns false, and counts nothing, if they are too many. */
  #hasRoom(bytes: number): boolean {
    if (this.#bytes + bytes > MOST_BYTES) return false
    this.#bytes += bytes
    return true
  }

  #isWanted(event: FrameEvent): boolean {
    const { payload, payloadLength, holes, cutBy, headerLength } = event
    if (this.#frames.length >= MOST_FRAMES) return false
    if (holes !== undefined || cutBy !== undefined || payload.length !== payloadLength) return false
    const isLongForm = lengthFormOf(event) === 64
    if (payload.length > (isLongForm ? LONGEST_OF_ALL : LONGEST)) return false
    const kind = [event.from, event.opcode, event.fin, event.rsv1, headerLength, payload.length > 0].join(' ')
    const count = this.#kinds.get(kind) ?? 0
    if (count >= (isLongForm ? LONG_FORM_FRAMES : PER_KIND)) return false
    if (!this.#hasRoom(headerLength + payload.length)) return false
    this.#kinds.set(kind, count + 1)
    return true
  }

  #message(event: MessageEvent): void {
    const current = this.#current
    const isOwn =
      current?.event.connection === event.connection && event.frames.at(-1) === current.event.frame
    if (current === undefined || !isOwn) return
    const peer = this.#peerOf(event)
    const wirePayload = peer.fragments && concat(peer.fragments)
    empty(peer)
    if (current.taken !== undefined && wirePayload?.length === event.wireLength) {
      const message = takeMessage(event, wirePayload, peer.window)
      if (this.#hasRoom(message.bytes)) current.taken.message = message.taken
    }
    if (event.compressed) this.#slide(peer, event)
  }

  #finding(event: FindingEvent): void {
    const current = this.#current
    if (current?.taken === undefined || event.frame !== current.event.frame) return
    if (event.connection !== current.event.connection) return
    const { code, severity, values, reference } = event
    current.taken.findings.push({ code, severity, values, reference })
  }

  /** The window that the next message has before it. */
  #slide(peer: Peer, { connection, from, data, incomplete }: MessageEvent): void {
    if (this.#connections.get(connection)?.[from].contextTakeover === false) return
    if (peer.window === undefined || data === undefined || incomplete) peer.window = undefined
    else peer.window = copy(concat([peer.window, data.subarray(-MOST_HELD)]).subarray(-MOST_HELD))
  }

  #peerOf({ connection, from }: FrameEvent | MessageEvent): Peer {
    const name = `${connection} ${from}`
    let peer = this.#peers.get(name)
    if (peer === undefined) {
      peer = { fragments: [], held: 0, window: new Uint8Array(0) }
      this.#peers.set(name, peer)
    }
    return peer
  }
}

/** No fragments wait. */
function empty(peer: Peer): void {
  peer.fragments = []
  peer.held = 0
}

/** A fragment waits for its message. */
function hold(peer: Peer, payload: Uint8Array): void {
  peer.held += payload.length
  if (peer.held > MOST_HELD || peer.fragments?.length === MOST_FRAGMENTS) peer.fragments = undefined
  else peer.fragments?.push(copy(payload))
}

function lengthOf({ startLine, headers }: Head): number {
  let length = startLine.length
  for (const [name, value] of headers) length += HEADER_COST + name.length + value.length
  return length
}

function takeFrame(event: FrameEvent): Taken {
  const { connection, frame, from, payload, maskingKey } = event
  const wire = maskingKey === undefined ? payload : unmask(payload, 0, payload.length, maskingKey, 0)
  return { connection, frame, from, bytes: base64(concat([encodeHeader(event), wire])), findings: [] }
}

/** What a lesson has of a message, and its bytes. */
function takeMessage(
  { opcode, frames, compressed, data, incomplete }: MessageEvent,
  wirePayload: Uint8Array,
  window: Uint8Array | undefined,
): { readonly taken: LessonMessage; readonly bytes: number } {
  const before = compressed && window !== undefined && window.length > 0 ? window : undefined
  const said = data !== undefined && data.length <= MOST_HELD ? data : undefined
  return {
    taken: {
      opcodeName: opcode === 1 ? 'text' : 'binary',
      frames,
      compressed,
      wirePayload: base64(wirePayload),
      ...(before && { window: base64(before) }),
      ...(said && { data: base64(said) }),
      incomplete,
    },
    bytes: wirePayload.length + (before?.length ?? 0) + (said?.length ?? 0),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
