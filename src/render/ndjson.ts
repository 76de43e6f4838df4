// Events in, NDJSON out: the records of schema 1, one JSON object a line. It alone knows how they are spelled.
import {
  type AnalysisEvent,
  type CaptureEvent,
  type ClosedEvent,
  type ConnectionEvent,
  type Endpoint,
  type Extension,
  type FrameEvent,
  type Head,
  type MessageEvent,
  OPCODE_NAMES,
  type SummaryEvent,
  type TlsParameters,
} from '../base/events.ts'
import { type FindingCode, type FindingEvent, makeFinding } from '../base/findings.ts'
import type { Time } from '../base/stream.ts'
import { sentenceOf } from '../language/en/finding-sentences.ts'
import { isoTime } from '../records/time.ts'
import type { Renderer, Write } from './renderer.ts'
import { compactJson, quoteJson } from './text/json-text.ts'
import { Constant, JsonWriter } from './text/json-writer.ts'

/** Bytes of a frame's or message's line without its payload and lists. */
const LONGEST_LINE = 1024
const NUMBERS_AT_ONCE = 1024

/** `,"fin":true,"rsv1":false,…,"opcode":1,"opcodeName":"text","masked":true,"maskingKey":`: what the header's first byte and MASK say. */
const FIRST_BYTES = Array.from({ length: 512 }, (_, bits) => {
  const bit = (mask: number) => (bits & mask) !== 0
  const flags = `,"fin":${bit(0x80)},"rsv1":${bit(0x40)},"rsv2":${bit(0x20)},"rsv3":${bit(0x10)}`
  const opcode = `,"opcode":${bits & 15},"opcodeName":"${OPCODE_NAMES[bits & 15]}"`
  return new Constant(`${flags}${opcode},"masked":${bit(0x100)},"maskingKey":`)
})
const FRAME = new Constant('{"type":"frame","connection":')
const FRAME_NUMBER = new Constant(',"frame":')
const MESSAGE = new Constant('{"type":"message","connection":')
const MESSAGE_NUMBER = new Constant(',"message":')
const FROM_CLIENT = new Constant(',"from":"client","packet":{"first":')
const FROM_SERVER = new Constant(',"from":"server","packet":{"first":')
const LAST = new Constant(',"last":')
const TIME = new Constant('},"time":"')
const TIME_END = new Constant('Z"')
const NO_TIME = new Constant('},"time":null')
const OFFSET = new Constant(',"offset":')
const NULL = new Constant('null')
const HEADER_LENGTH = new Constant(',"headerLength":')
const PAYLOAD_LENGTH = new Constant(',"payloadLength":')
const CAPTURED_LENGTH = new Constant(',"capturedLength":')
const PAYLOAD = new Constant(',"payload":')
const TEXT_FRAMES = new Constant(',"opcodeName":"text","frames":[')
const BINARY_FRAMES = new Constant(',"opcodeName":"binary","frames":[')
const COMPRESSED = new Constant('],"compressed":true,"wireLength":')
const NOT_COMPRESSED = new Constant('],"compressed":false,"wireLength":')
const LENGTH = new Constant(',"length":')
const TEXT = new Constant(',"text":')
const DATA = new Constant(',"data":')
const END = new Constant('}\n')

/** Prints every event that it is given. */
export class NdjsonRenderer implements Renderer {
  private readonly json: JsonWriter
  private seconds = Number.NaN
  /** `2026-11-23T01:39:37.` of the seconds above. */
  private secondsText = new Constant('')

  /** Of the frame written last. Its memory may be that of another payload once the next frame is there. */
  private lastPayload: Uint8Array | undefined

  private readonly findingsPerCode: number
  private readonly findingCounts = new Map<FindingCode, number>()

  /** `findingsPerCode`: findings of one code that are printed; one more says that there were more. */
  constructor(write: Write, findingsPerCode = Number.POSITIVE_INFINITY) {
    this.json = new JsonWriter(write)
    this.findingsPerCode = findingsPerCode
  }

  event(event: AnalysisEvent): void {
    switch (event.type) {
      case 'frame':
        this.frame(event)
        break
      case 'message':
        this.message(event)
        break
      case 'finding':
        this.finding(event)
        break
      default:
        this.json.text(`${lineOf(event)}\n`)
    }
  }

  flush(): void {
    this.json.flush()
  }

  end(): void {
    this.json.flush()
  }

  private finding(event: FindingEvent): void {
    const seen = (this.findingCounts.get(event.code) ?? 0) + 1
    this.findingCounts.set(event.code, seen)
    if (seen > this.findingsPerCode + 1) return
    const printed = seen > this.findingsPerCode ? enough(event.code, this.findingsPerCode) : event
    this.json.text(`${lineOf(printed)}\n`)
  }

  private frame(event: FrameEvent): void {
    const { json } = this
    const { maskingKey, payloadLength } = event
    json.reserve(LONGEST_LINE)
    json.constant(FRAME)
    json.number(event.connection)
    json.constant(FRAME_NUMBER)
    json.number(event.frame)
    this.place(event)
    json.constant(OFFSET)
    json.number(event.offset)
    json.constant(FIRST_BYTES[firstBits(event)]!)
    if (maskingKey === undefined) json.constant(NULL)
    else json.hexWord(maskingKey)
    json.constant(HEADER_LENGTH)
    json.number(event.headerLength)
    json.constant(PAYLOAD_LENGTH)
    if (typeof payloadLength === 'bigint') json.text(`"${payloadLength}"`)
    else json.number(payloadLength)
    json.constant(CAPTURED_LENGTH)
    json.number(event.capturedLength)
    if (event.holes !== undefined) json.text(`,"holes":${JSON.stringify(event.holes)}`)
    json.reserve(LONGEST_LINE)
    json.constant(PAYLOAD)
    json.base64(event.payload)
    this.lastPayload = event.payload
    if (event.close !== undefined) {
      json.text(`,"close":{"code":${event.close.code},"reason":${quoteJson(event.close.reason)}}`)
    }
    json.reserve(LONGEST_LINE)
    json.constant(END)
  }

  private message(event: MessageEvent): void {
    const { json } = this
    const { data, frames } = event
    json.reserve(LONGEST_LINE)
    json.constant(MESSAGE)
    json.number(event.connection)
    json.constant(MESSAGE_NUMBER)
    json.number(event.message)
    this.place(event)
    json.constant(event.opcode === 1 ? TEXT_FRAMES : BINARY_FRAMES)
    if (frames.length === 1) json.number(frames[0]!)
    else this.numbers(frames)
    json.reserve(LONGEST_LINE)
    json.constant(event.compressed ? COMPRESSED : NOT_COMPRESSED)
    json.number(event.wireLength)
    json.constant(LENGTH)
    json.number(event.length)
    if (data !== undefined) {
      json.constant(event.isText ? TEXT : DATA)
      if (event.isText) json.utf8(data)
      else if (data === this.lastPayload) json.base64Again(data)
      else json.base64(data)
    }
    if (event.incomplete) json.text(',"incomplete":true')
    if (event.withoutContext) json.text(',"withoutContext":true')
    json.reserve(LONGEST_LINE)
    json.constant(END)
  }

  /** A message may have millions of frames: their list is written piece by piece. */
  private numbers(numbers: readonly number[]): void {
    for (let at = 0; at < numbers.length; at += NUMBERS_AT_ONCE) {
      const piece = numbers.slice(at, at + NUMBERS_AT_ONCE).join(',')
      this.json.text(at === 0 ? piece : `,${piece}`)
    }
  }

  /** Who sent it, and the packets and the time of it. */
  private place({ from, firstPacket, lastPacket, time }: FrameEvent | MessageEvent): void {
    const { json } = this
    json.constant(from === 'client' ? FROM_CLIENT : FROM_SERVER)
    json.number(firstPacket)
    json.constant(LAST)
    json.number(lastPacket)
    if (time === undefined) {
      json.constant(NO_TIME)
      return
    }
    if (time.seconds !== this.seconds) {
      this.seconds = time.seconds
      this.secondsText = new Constant(
        isoTime({ seconds: time.seconds, nanoseconds: 0 }).slice(0, -'000000000Z'.length),
      )
    }
    json.constant(TIME)
    json.constant(this.secondsText)
    json.nanoseconds(time.nanoseconds)
    json.constant(TIME_END)
  }
}

/** Stands for all further findings of a code. */
function enough(code: FindingCode, limit: number): FindingEvent {
  return makeFinding('limit-reached', { what: 'findings', code, limit })
}

function firstBits({ masked, fin, rsv1, rsv2, rsv3, opcode }: FrameEvent): number {
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | (rsv2 ? 0x20 : 0) | (rsv3 ? 0x10 : 0) | opcode
  return masked ? first | 0x100 : first
}

function lineOf(event: CaptureEvent | ConnectionEvent | FindingEvent | ClosedEvent | SummaryEvent): string {
  switch (event.type) {
    case 'capture':
      return `{"type":"capture","schema":1,"files":[${event.files.map(file).join(',')}]}`
    case 'connection':
      return connection(event)
    case 'finding':
      return finding(event)
    case 'closed':
      return (
        `{"type":"closed","connection":${event.connection},"how":"${event.how}","code":${event.code}` +
        `,"reason":${orNull(event.reason)},"initiator":${orNull(event.initiator)}` +
        `${time(event.time)}${packet(event.lastPacket, event.lastPacket)}}`
      )
    case 'summary':
      return (
        `{"type":"summary","packets":${event.packets},"bytes":${event.bytes}` +
        `,"linkTypes":[${event.linkTypes.map(quoteJson).join(',')}],"tcpConnections":${event.tcpConnections}` +
        `,"connections":${event.connections},"frames":${event.frames},"messages":${event.messages}` +
        `,"findings":${counts(event.findings)},"skipped":${counts(event.skipped)}}`
      )
  }
}

function file({ name, format, compression }: CaptureEvent['files'][number]): string {
  const compressed = compression === undefined ? '' : `,"compression":"${compression}"`
  return `{"name":${quoteJson(name)},"format":"${format}"${compressed}}`
}

function connection(event: ConnectionEvent): string {
  const { proxyProtocol: proxy } = event
  return (
    `{"type":"connection","connection":${event.connection},"client":${endpoint(event.client)}` +
    `,"server":${endpoint(event.server)},"transport":"${event.transport}","midstream":${event.midstream}` +
    `,"url":${orNull(event.url)},"subprotocol":${orNull(event.subprotocol)}` +
    `,"extensions":[${event.extensions.map(extension).join(',')}],"deflate":${JSON.stringify(event.deflate)}` +
    `,"handshake":{"request":${head(event.request)},"response":${head(event.response)}}` +
    `${proxy === undefined ? '' : `,"proxyProtocol":{"client":${endpoint(proxy.client)},"server":${endpoint(proxy.server)}}`}` +
    `${event.tls === undefined ? '' : tls(event.tls)}` +
    `${event.http2Stream === undefined ? '' : `,"http2Stream":${event.http2Stream}`}}`
  )
}

function tls({ version, cipherSuite, serverName, alpn }: TlsParameters): string {
  return (
    `,"tls":{"version":${quoteJson(version)},"cipherSuite":${quoteJson(cipherSuite)}` +
    `,"serverName":${orNull(serverName)},"alpn":${orNull(alpn)}}`
  )
}

function finding(event: FindingEvent): string {
  const first = event.firstPacket ?? event.lastPacket
  return (
    `{"type":"finding","code":"${event.code}"${optional('closeCode', event.closeCode)},"severity":"${event.severity}"` +
    `${optional('connection', event.connection)}${optional('frame', event.frame)}` +
    `${event.from === undefined ? '' : `,"from":"${event.from}"`}` +
    `${first === undefined ? '' : packet(first, event.lastPacket ?? first)}` +
    `,"message":${quoteJson(sentenceOf(event))},"reference":${quoteJson(event.reference)},"values":${compactJson(event.values)}}`
  )
}

function endpoint({ address, port }: Endpoint): string {
  return `{"address":${quoteJson(address)},"port":${port}}`
}

function extension({ name, params }: Extension): string {
  const pairs = params.map(([key, value]) => `[${quoteJson(key)},${orNull(value)}]`)
  return `{"name":${quoteJson(name)},"params":[${pairs.join(',')}]}`
}

function head(head: Head | null): string {
  if (head === null) return 'null'
  const headers = head.headers.map(([name, value]) => `[${quoteJson(name)},${quoteJson(value)}]`)
  const places = `${packet(head.firstPacket, head.lastPacket)}${time(head.time)}`.slice(1)
  return `{${places},"startLine":${quoteJson(head.startLine)},"headers":[${headers.join(',')}]}`
}

function packet(first: number, last: number): string {
  return `,"packet":{"first":${first},"last":${last}}`
}

function time(time: Time | undefined): string {
  return time === undefined ? ',"time":null' : `,"time":"${isoTime(time)}"`
}

function orNull(text: string | null): string {
  return text === null ? 'null' : quoteJson(text)
}

function optional(name: string, value: number | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`
}

function counts(amounts: Readonly<Record<string, number>>): string {
  return `{${Object.entries(amounts)
    .map(([name, number]) => `${quoteJson(name)}:${number}`)
    .join(',')}}`
}
