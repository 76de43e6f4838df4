// Joins the fragments of one direction to messages (RFC 6455 §5.4): data frames in, messages out, still compressed. Control
// frames between the fragments are not part of them, and do not come here.
import { NO_BYTES } from '../base/bytes.ts'
import { type FrameEvent, type MessagePart, Opcode } from '../base/events.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Time } from '../base/stream.ts'

/** A message as its frames bring it. */
export interface JoinedMessage {
  /** 1 (text) or 2 (binary). */
  readonly opcode: number
  /** RSV1 of its first frame. */
  readonly rsv1: boolean
  /** Numbers of its frames, in order. */
  readonly frames: number[]
  readonly firstPacket: number
  lastPacket: number
  time: Time | undefined
  /** Payload bytes of all its frames, as announced. */
  wireLength: number
  /** The payloads in order, up to the first byte that is missing. */
  payload: Uint8Array
  /** True if nothing is missing. */
  whole: boolean
  /** The limit that cut the message itself, if one did. A limit that cut one of its frames is not named here. */
  cutByLimit: 'messageSize' | 'waitingTotal' | undefined
}

/** How a data frame fits to the frames before it. */
export type FragmentOrder = 'in-order' | 'unexpected-continuation' | 'expected-continuation'

/** Bytes that a fragment's number in the list costs in the budget. */
const FRAGMENT_COST = 16
const FIRST_CAPACITY = 1024

/** The places of first frames, by opcode, made once: most messages are one frame. */
const [PLAIN, COMPRESSED] = [false, true].map((compressed) =>
  [0, Opcode.text, Opcode.binary].map((opcode): MessagePart => ({ opcode, number: 1, compressed })),
) as [MessagePart[], MessagePart[]]

/** Joins the data frames of one direction. For each frame: ask for its `orderOf`, `abandon` what it interrupts, `add` it. */
export class MessageAssembly {
  readonly #limits: Limits
  readonly #budget: Budget
  /** The message whose last fragment has not come yet. */
  #open: JoinedMessage | undefined
  /** What `#open` has drawn from the budget. */
  #held = 0
  #buffer: Uint8Array = NO_BYTES
  #length = 0
  /** True if a message may be open whose beginning was not captured, or that began with an illegal frame. */
  #unknown: boolean
  /** Frames so far of the message in progress, whether its beginning was seen or not. */
  #fragments = 0
  readonly #mayCompress: boolean

  /** `midstream`: earlier frames were not captured. `mayCompress`: RSV1 on a first frame means that the message is compressed. */
  constructor(limits: Limits, budget: Budget, midstream: boolean, mayCompress: boolean) {
    this.#mayCompress = mayCompress
    this.#limits = limits
    this.#budget = budget
    this.#unknown = midstream
  }

  /** The number of the frame that started the open message. */
  get openedBy(): number | undefined {
    return this.#open?.frames[0]
  }

  /** The place of a data frame in its message, asked before it is added; undefined for a reserved opcode. */
  partOf({ opcode, rsv1 }: FrameEvent): MessagePart | undefined {
    if (opcode > Opcode.binary) return undefined
    if (opcode !== Opcode.continuation) return (rsv1 && this.#mayCompress ? COMPRESSED : PLAIN)[opcode]
    const open = this.#open
    const compressed = this.#mayCompress && open?.rsv1 === true
    return { opcode: open?.opcode, number: this.#fragments + 1, compressed }
  }

  /** Whether a data frame completes a message, asked before it is added. */
  completes({ opcode, fin }: FrameEvent): boolean {
    return fin && opcode <= Opcode.binary && (opcode !== Opcode.continuation || this.#open !== undefined)
  }

  /** Whether a data frame may follow those before it. */
  orderOf(frame: FrameEvent): FragmentOrder {
    if (frame.opcode === Opcode.continuation) {
      return this.#open === undefined && !this.#unknown ? 'unexpected-continuation' : 'in-order'
    }
    return this.#open !== undefined && frame.opcode <= Opcode.binary ? 'expected-continuation' : 'in-order'
  }

  /** Takes a data frame; returns the message that it completes. */
  add(frame: FrameEvent): JoinedMessage | undefined {
    if (frame.opcode > Opcode.binary) {
      if (this.#open === undefined && !frame.fin) this.#unknown = true
      return undefined
    }
    const isNew = frame.opcode !== Opcode.continuation
    this.#fragments = frame.fin ? 0 : isNew ? 1 : this.#fragments + 1
    if (isNew) return this.#start(frame)
    if (this.#open === undefined) {
      this.#unknown = !frame.fin
      return undefined
    }
    this.#append(this.#open, frame)
    return frame.fin ? this.#close(this.#open) : undefined
  }

  /** Gives the open message up, if there is one, and returns what it has. */
  abandon(): JoinedMessage | undefined {
    if (this.#open === undefined) return undefined
    this.#open.whole = false
    return this.#close(this.#open)
  }

  /** Frames were lost: what comes next may belong to a message that began among them. Returns what the open message has. */
  lose(): JoinedMessage | undefined {
    this.#unknown = true
    this.#fragments = 0
    return this.abandon()
  }

  #start(frame: FrameEvent): JoinedMessage | undefined {
    this.#unknown = false
    const message: JoinedMessage = {
      opcode: frame.opcode,
      rsv1: frame.rsv1,
      frames: [frame.frame],
      firstPacket: frame.firstPacket,
      lastPacket: frame.lastPacket,
      time: frame.time,
      wireLength: Number(frame.payloadLength),
      payload: NO_BYTES,
      whole: isWhole(frame),
      cutByLimit: undefined,
    }
    const sure = surePayload(frame)
    if (frame.fin) {
      message.payload = sure
      return message
    }
    this.#open = message
    this.#keep(message, sure)
    return undefined
  }

  #append(message: JoinedMessage, frame: FrameEvent): void {
    message.wireLength += Number(frame.payloadLength)
    message.lastPacket = frame.lastPacket
    message.time = frame.time
    if (this.#take(FRAGMENT_COST)) message.frames.push(frame.frame)
    else this.#cut(message, 'waitingTotal')
    if (!message.whole) return
    message.whole = isWhole(frame)
    this.#keep(message, surePayload(frame))
  }

  #cut(message: JoinedMessage, limit: 'messageSize' | 'waitingTotal'): void {
    message.whole = false
    message.cutByLimit ??= limit
  }

  /** Keeps a copy: the bytes are the chunk's, and the next fragment comes in another one. */
  #keep(message: JoinedMessage, bytes: Uint8Array): void {
    const room = this.#limits.messageSize - this.#length
    if (bytes.length > room) this.#cut(message, 'messageSize')
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes
    const length = this.#length + kept.length
    if (length > this.#buffer.length && !this.#grow(length)) {
      this.#cut(message, 'waitingTotal')
      return
    }
    this.#buffer.set(kept, this.#length)
    this.#length = length
  }

  #grow(length: number): boolean {
    const capacity = Math.min(Math.max(length * 2, FIRST_CAPACITY), this.#limits.messageSize)
    if (!this.#take(capacity - this.#buffer.length)) return false
    const grown = new Uint8Array(capacity)
    grown.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = grown
    return true
  }

  #take(bytes: number): boolean {
    if (!this.#budget.take(bytes)) return false
    this.#held += bytes
    return true
  }

  #close(message: JoinedMessage): JoinedMessage {
    message.payload = this.#buffer.subarray(0, this.#length)
    this.#budget.give(this.#held)
    this.#held = 0
    this.#buffer = NO_BYTES
    this.#length = 0
    this.#open = undefined
    return message
  }
}

/** A frame's payload up to its first hole. */
export function surePayload({ payload, holes }: FrameEvent): Uint8Array {
  return holes === undefined ? payload : payload.subarray(0, holes[0]![0])
}

/** Whether the payload is complete: the capture holds all of it, and no limit cut it. */
function isWhole({ cutBy, payload, capturedLength }: FrameEvent): boolean {
  return cutBy === undefined && payload.length === capturedLength
}
