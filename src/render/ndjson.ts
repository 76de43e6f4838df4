// Events in, NDJSON out: the records of schema 1, one JSON object a line. It alone knows how they are spelled.
import { type AnalysisEvent, type FrameEvent, type MessageEvent, OPCODE_NAMES } from '../base/events.ts'
import { type FindingCode, type FindingEvent, makeFinding } from '../base/findings.ts'
import { isoTime } from '../records/time.ts'
import { toRecord } from '../records/to-record.ts'
import type { Renderer, Write } from './renderer.ts'
import { compactJson, quoteJson } from './text/json-text.ts'
import { JsonWriter } from './text/json-writer.ts'
import { Literal } from './text/spelled-bytes.ts'

/** Bytes of the line of a frame or message, without its payload and its lists. */
const LONGEST_LINE = 1024
const NUMBERS_AT_ONCE = 1024

/** What the first byte of a header and MASK say: `,"fin":true,…,"opcode":1,"opcodeName":"text","masked":true,"maskingKey":`. */
const FIRST_BYTES = Array.from({ length: 512 }, (_, bits) => {
  const bit = (mask: number) => (bits & mask) !== 0
  const flags = `,"fin":${bit(0x80)},"rsv1":${bit(0x40)},"rsv2":${bit(0x20)},"rsv3":${bit(0x10)}`
  const opcode = `,"opcode":${bits & 15},"opcodeName":"${OPCODE_NAMES[bits & 15]}"`
  return new Literal(`${flags}${opcode},"masked":${bit(0x100)},"maskingKey":`)
})
const FRAME = new Literal('{"type":"frame","connection":')
const FRAME_NUMBER = new Literal(',"frame":')
const MESSAGE = new Literal('{"type":"message","connection":')
const MESSAGE_NUMBER = new Literal(',"message":')
const FROM_CLIENT = new Literal(',"from":"client","packet":{"first":')
const FROM_SERVER = new Literal(',"from":"server","packet":{"first":')
const LAST = new Literal(',"last":')
const TIME = new Literal('},"time":"')
const TIME_END = new Literal('Z"')
const NO_TIME = new Literal('},"time":null')
const OFFSET = new Literal(',"offset":')
const NULL = new Literal('null')
const HEADER_LENGTH = new Literal(',"headerLength":')
const PAYLOAD_LENGTH = new Literal(',"payloadLength":')
const CAPTURED_LENGTH = new Literal(',"capturedLength":')
const PAYLOAD = new Literal(',"payload":')
const ANSWERS = new Literal(',"answers":')
const TEXT_FRAMES = new Literal(',"opcodeName":"text","frames":[')
const BINARY_FRAMES = new Literal(',"opcodeName":"binary","frames":[')
const COMPRESSED = new Literal('],"compressed":true,"wireLength":')
const NOT_COMPRESSED = new Literal('],"compressed":false,"wireLength":')
const LENGTH = new Literal(',"length":')
const TEXT = new Literal(',"text":')
const DATA = new Literal(',"data":')
const END = new Literal('}\n')

/** Prints every event that it is given. */
export class NdjsonRenderer implements Renderer {
  readonly #json: JsonWriter
  #seconds = Number.NaN
  /** `2026-11-23T01:39:37.` of the seconds above. */
  #secondsText = new Literal('')

  /**
   * The frame's payload that was written last. A message of one frame that was not compressed has the same view as its data, and
   * follows while its memory is valid: the same view then means the same bytes.
   */
  #lastPayload: Uint8Array | undefined

  readonly #findingsPerCode: number
  readonly #findingCounts = new Map<FindingCode, number>()

  /** `findingsPerCode`: how many findings of one code are printed. One more says that there were more. */
  constructor(write: Write, findingsPerCode = Number.POSITIVE_INFINITY) {
    this.#json = new JsonWriter(write)
    this.#findingsPerCode = findingsPerCode
  }

  event(event: AnalysisEvent): void {
    switch (event.type) {
      case 'frame':
        this.#frame(event)
        break
      case 'message':
        this.#message(event)
        break
      case 'finding':
        this.#finding(event)
        break
      default:
        this.#record(event)
    }
  }

  flush(): void {
    this.#json.flush()
  }

  end(): void {
    this.#json.flush()
  }

  #finding(event: FindingEvent): void {
    const seen = (this.#findingCounts.get(event.code) ?? 0) + 1
    this.#findingCounts.set(event.code, seen)
    if (seen > this.#findingsPerCode + 1) return
    this.#record(seen > this.#findingsPerCode ? enough(event.code, this.#findingsPerCode) : event)
  }

  /** Any event as its record. There are millions of frames and messages: those are spelled byte by byte below. */
  #record(event: AnalysisEvent): void {
    this.#json.text(`${compactJson(toRecord(event))}\n`)
  }

  #frame(event: FrameEvent): void {
    const json = this.#json
    const { maskingKey, payloadLength } = event
    json.reserve(LONGEST_LINE)
    json.put(FRAME)
    json.number(event.connection)
    json.put(FRAME_NUMBER)
    json.number(event.frame)
    this.#place(event)
    json.put(OFFSET)
    json.number(event.offset)
    json.put(FIRST_BYTES[firstBits(event)]!)
    if (maskingKey === undefined) json.put(NULL)
    else json.hexWord(maskingKey)
    json.put(HEADER_LENGTH)
    json.number(event.headerLength)
    json.put(PAYLOAD_LENGTH)
    if (typeof payloadLength === 'bigint') json.text(`"${payloadLength}"`)
    else json.number(payloadLength)
    json.put(CAPTURED_LENGTH)
    json.number(event.capturedLength)
    if (event.holes !== undefined) json.text(`,"holes":${JSON.stringify(event.holes)}`)
    json.reserve(LONGEST_LINE)
    json.put(PAYLOAD)
    json.base64(event.payload)
    this.#lastPayload = event.payload
    if (event.close !== undefined) {
      json.text(`,"close":{"code":${event.close.code},"reason":${quoteJson(event.close.reason)}}`)
    }
    json.reserve(LONGEST_LINE)
    if (event.message !== undefined) {
      json.put(MESSAGE_NUMBER)
      json.number(event.message)
    }
    if (event.answers !== undefined) {
      json.put(ANSWERS)
      json.number(event.answers.at(-1)!.frame)
    }
    json.put(END)
  }

  #message(event: MessageEvent): void {
    const json = this.#json
    const { data, frames } = event
    json.reserve(LONGEST_LINE)
    json.put(MESSAGE)
    json.number(event.connection)
    json.put(MESSAGE_NUMBER)
    json.number(event.message)
    this.#place(event)
    json.put(event.opcode === 1 ? TEXT_FRAMES : BINARY_FRAMES)
    if (frames.length === 1) json.number(frames[0]!)
    else this.#numbers(frames)
    json.reserve(LONGEST_LINE)
    json.put(event.compressed ? COMPRESSED : NOT_COMPRESSED)
    json.number(event.wireLength)
    json.put(LENGTH)
    json.number(event.length)
    if (data !== undefined) {
      json.put(event.isText ? TEXT : DATA)
      if (event.isText) json.utf8(data)
      else {
        json.base64(data, data === this.#lastPayload)
        // Other bytes were written since: the payload is not the last any more.
        this.#lastPayload = undefined
      }
    }
    if (event.incomplete) json.text(',"incomplete":true')
    if (event.withoutContext) json.text(',"withoutContext":true')
    json.reserve(LONGEST_LINE)
    json.put(END)
  }

  /** A message may have millions of frames: their list is written piece by piece. */
  #numbers(numbers: readonly number[]): void {
    for (let at = 0; at < numbers.length; at += NUMBERS_AT_ONCE) {
      const piece = numbers.slice(at, at + NUMBERS_AT_ONCE).join(',')
      this.#json.text(at === 0 ? piece : `,${piece}`)
    }
  }

  /** Who sent it, and the packets and the time of it. */
  #place({ from, firstPacket, lastPacket, time }: FrameEvent | MessageEvent): void {
    const json = this.#json
    json.put(from === 'client' ? FROM_CLIENT : FROM_SERVER)
    json.number(firstPacket)
    json.put(LAST)
    json.number(lastPacket)
    if (time === undefined) {
      json.put(NO_TIME)
      return
    }
    if (time.seconds !== this.#seconds) {
      this.#seconds = time.seconds
      this.#secondsText = new Literal(
        isoTime({ seconds: time.seconds, nanoseconds: 0 }).slice(0, -'000000000Z'.length),
      )
    }
    json.put(TIME)
    json.put(this.#secondsText)
    json.nanoseconds(time.nanoseconds)
    json.put(TIME_END)
  }
}

/** Says that there are further findings of a code. */
function enough(code: FindingCode, limit: number): FindingEvent {
  return makeFinding('limit-reached', { what: 'findings', code, limit })
}

function firstBits({ masked, fin, rsv1, rsv2, rsv3, opcode }: FrameEvent): number {
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | (rsv2 ? 0x20 : 0) | (rsv3 ? 0x10 : 0) | opcode
  return masked ? first | 0x100 : first
}
