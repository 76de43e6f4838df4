// Events in, records out: what the library yields. The same as `--format ndjson` prints, with bytes as Uint8Array instead of
// base64.
import { copy, wordToHex } from '../base/bytes.ts'
import {
  type AnalysisEvent,
  type ClosedEvent,
  type FrameEvent,
  type Head,
  type MessageEvent,
  OPCODE_NAMES,
} from '../base/events.ts'
import type { FindingEvent, FollowedFinding } from '../base/findings.ts'
import type { Time } from '../base/stream.ts'
import { sentenceOf } from '../language/en/finding-sentences.ts'
import type {
  ClosedRecord,
  ConnectionRecord,
  FindingRecord,
  FrameRecord,
  HeadRecord,
  MessageRecord,
  PacketRange,
  WalkRecord,
} from './records.ts'
import { isoTime } from './time.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The record of an event. Its bytes are copies: it may be kept. */
export function toRecord(event: AnalysisEvent): WalkRecord<Uint8Array> {
  switch (event.type) {
    case 'capture':
      return {
        type: 'capture',
        schema: 1,
        files: event.files.map(({ name, format, compression }) => ({
          name,
          format,
          ...(compression && { compression }),
        })),
      }
    case 'connection':
      return connectionRecord(event)
    case 'frame':
      return frameRecord(event)
    case 'message':
      return messageRecord(event)
    case 'finding':
      return findingRecord(event)
    case 'closed':
      return closedRecord(event)
    case 'summary':
      return {
        type: 'summary',
        packets: event.packets,
        bytes: event.bytes,
        linkTypes: [...event.linkTypes],
        tcpConnections: event.tcpConnections,
        connections: event.connections,
        frames: event.frames,
        messages: event.messages,
        findings: { ...event.findings },
        skipped: { ...event.skipped },
      }
  }
}

function connectionRecord(event: Extract<AnalysisEvent, { type: 'connection' }>): ConnectionRecord {
  return {
    type: 'connection',
    connection: event.connection,
    client: event.client,
    server: event.server,
    transport: event.transport,
    midstream: event.midstream,
    url: event.url,
    subprotocol: event.subprotocol,
    extensions: [...event.extensions],
    deflate: event.deflate,
    handshake: { request: headRecord(event.request), response: headRecord(event.response) },
    ...(event.proxyProtocol && { proxyProtocol: event.proxyProtocol }),
    ...(event.tls && { tls: event.tls }),
    ...(event.http2Stream !== undefined && { http2Stream: event.http2Stream }),
  }
}

function headRecord(head: Head | null): HeadRecord | null {
  if (head === null) return null
  return {
    packet: { first: head.firstPacket, last: head.lastPacket },
    time: timeOf(head.time),
    startLine: head.startLine,
    headers: head.headers.map(([name, value]) => [name, value]),
  }
}

function frameRecord(event: FrameEvent): FrameRecord<Uint8Array> {
  const { payloadLength } = event
  return {
    type: 'frame',
    connection: event.connection,
    frame: event.frame,
    from: event.from,
    packet: { first: event.firstPacket, last: event.lastPacket },
    time: timeOf(event.time),
    offset: event.offset,
    fin: event.fin,
    rsv1: event.rsv1,
    rsv2: event.rsv2,
    rsv3: event.rsv3,
    opcode: event.opcode,
    opcodeName: OPCODE_NAMES[event.opcode]!,
    masked: event.masked,
    maskingKey: event.maskingKey === undefined ? null : wordToHex(event.maskingKey),
    headerLength: event.headerLength,
    payloadLength: typeof payloadLength === 'bigint' ? payloadLength.toString() : payloadLength,
    capturedLength: event.capturedLength,
    ...(event.holes && { holes: event.holes.map(([start, end]): [number, number] => [start, end]) }),
    payload: copy(event.payload),
    ...(event.close && { close: { code: event.close.code, reason: event.close.reason } }),
    ...(event.message !== undefined && { message: event.message }),
    ...(event.answers && { answers: event.answers.at(-1)!.frame }),
  }
}

function messageRecord(event: MessageEvent): MessageRecord<Uint8Array> {
  const { data } = event
  return {
    type: 'message',
    connection: event.connection,
    message: event.message,
    from: event.from,
    packet: { first: event.firstPacket, last: event.lastPacket },
    time: timeOf(event.time),
    opcodeName: event.opcode === 1 ? 'text' : 'binary',
    frames: [...event.frames],
    compressed: event.compressed,
    wireLength: event.wireLength,
    length: event.length,
    ...(data && (event.isText ? { text: utf8.decode(data) } : { data: copy(data) })),
    ...(event.incomplete && { incomplete: true }),
    ...(event.withoutContext && { withoutContext: true }),
  }
}

function findingRecord(event: FindingEvent): FindingRecord {
  const packet = packetOf(event)
  return {
    type: 'finding',
    code: event.code,
    ...(event.closeCode !== undefined && { closeCode: event.closeCode }),
    severity: event.severity,
    ...(event.connection !== undefined && { connection: event.connection }),
    ...(event.frame !== undefined && { frame: event.frame }),
    ...(event.from !== undefined && { from: event.from }),
    ...(packet && { packet }),
    message: sentenceOf(event),
    reference: event.reference,
    values: event.values,
    ...(event.follows && { follows: followed(event.follows) }),
  }
}

function followed({ code, frame }: FollowedFinding): NonNullable<FindingRecord['follows']> {
  return { code, ...(frame !== undefined && { frame }) }
}

/** If only one of the two numbers is known, it counts for both. */
function packetOf({ firstPacket, lastPacket }: FindingEvent): PacketRange | undefined {
  const first = firstPacket ?? lastPacket
  return first === undefined ? undefined : { first, last: lastPacket ?? first }
}

function closedRecord(event: ClosedEvent): ClosedRecord {
  return {
    type: 'closed',
    connection: event.connection,
    how: event.how,
    code: event.code,
    reason: event.reason,
    initiator: event.initiator,
    time: timeOf(event.time),
    packet: { first: event.lastPacket, last: event.lastPacket },
  }
}

function timeOf(time: Time | undefined): string | null {
  return time === undefined ? null : isoTime(time)
}
