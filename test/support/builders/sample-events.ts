// Events of connections that never were, for the tests of renderers: a small story, and arbitrary ones for properties.
import type {
  AnalysisEvent,
  CaptureEvent,
  ClosedEvent,
  ConnectionEvent,
  FrameEvent,
  Head,
  MessageEvent,
  MessagePart,
  SummaryEvent,
} from '../../../src/base/events.ts'
import { makeFinding } from '../../../src/base/findings.ts'
import type { Time } from '../../../src/base/stream.ts'

const encoder = new TextEncoder()

/** A moment of the story, `microseconds` after its start. */
export function at(microseconds: number): Time {
  return { seconds: 1_795_397_977 + Math.floor(microseconds / 1e6), nanoseconds: (microseconds % 1e6) * 1000 }
}

export function sampleConnection(changed: Partial<ConnectionEvent> = {}): ConnectionEvent {
  return {
    type: 'connection',
    connection: 1,
    client: { address: '127.0.0.1', port: 54678 },
    server: { address: '127.0.0.1', port: 8765 },
    transport: 'tcp',
    midstream: false,
    url: 'ws://127.0.0.1:8765/',
    subprotocol: null,
    extensions: [
      {
        name: 'permessage-deflate',
        params: [
          ['server_max_window_bits', '12'],
          ['client_max_window_bits', '12'],
        ],
      },
    ],
    deflate: {
      client: { contextTakeover: true, windowBits: 12 },
      server: { contextTakeover: true, windowBits: 12 },
    },
    request: sampleHead(4, 'GET / HTTP/1.1', at(0)),
    response: sampleHead(6, 'HTTP/1.1 101 Switching Protocols', at(900)),
    acceptCorrect: true,
    proxyProtocol: undefined,
    tls: undefined,
    http2Stream: undefined,
    time: at(900),
    ...changed,
  }
}

function sampleHead(packet: number, startLine: string, time: Time): Head {
  return { firstPacket: packet, lastPacket: packet, time, startLine, headers: [['Upgrade', 'websocket']] }
}

/** A frame of the story. `part` is that of a first frame unless `changed` says otherwise. */
export function sampleFrame(changed: Partial<FrameEvent> = {}): FrameEvent {
  const payload = changed.payload ?? encoder.encode('111')
  const packet = changed.lastPacket ?? 8
  return {
    type: 'frame',
    connection: 1,
    frame: 1,
    from: 'client',
    firstPacket: packet,
    lastPacket: packet,
    time: at(2000),
    offset: 0,
    fin: true,
    rsv1: false,
    rsv2: false,
    rsv3: false,
    opcode: 1,
    masked: changed.maskingKey !== undefined,
    maskingKey: undefined,
    headerLength: headerLengthOf(changed.payloadLength ?? payload.length, changed.maskingKey !== undefined),
    payloadLength: payload.length,
    capturedLength: payload.length,
    holes: undefined,
    payload,
    close: undefined,
    part: partOf(changed),
    message: undefined,
    answers: undefined,
    cutBy: undefined,
    segments: undefined,
    ...changed,
  }
}

/** The place of the only frame of a message; for a fragment, the test gives it. */
function partOf({ opcode = 1, rsv1 = false }: Partial<FrameEvent>): MessagePart | undefined {
  if (opcode > 2) return undefined
  return { opcode: opcode === 0 ? undefined : opcode, number: 1, compressed: rsv1 }
}

function headerLengthOf(length: number | bigint, masked: boolean): number {
  return 2 + (length < 126 ? 0 : length <= 0xffff ? 2 : 8) + (masked ? 4 : 0)
}

export function sampleMessage(changed: Partial<MessageEvent> = {}): MessageEvent {
  const data = 'data' in changed ? changed.data : encoder.encode('111')
  return {
    type: 'message',
    connection: 1,
    message: 1,
    from: 'client',
    firstPacket: changed.lastPacket ?? 8,
    lastPacket: 8,
    time: at(2000),
    opcode: 1,
    frames: [1],
    compressed: false,
    wireLength: data?.length ?? 0,
    length: data?.length ?? 0,
    data,
    isText: true,
    incomplete: false,
    withoutContext: false,
    ...changed,
  }
}

export function sampleClosed(changed: Partial<ClosedEvent> = {}): ClosedEvent {
  return {
    type: 'closed',
    connection: 1,
    how: 'clean',
    code: 1000,
    reason: 'bye',
    breaksRule: false,
    initiator: 'client',
    time: at(2_345_678),
    lastPacket: 40,
    ...changed,
  }
}

export function sampleSummary(changed: Partial<SummaryEvent> = {}): SummaryEvent {
  return {
    type: 'summary',
    packets: 42,
    bytes: 12345,
    linkTypes: ['EN10MB'],
    tcpConnections: 2,
    connections: 1,
    frames: 9,
    messages: 4,
    findings: {},
    skipped: {},
    ...changed,
  }
}

const CAPTURE: CaptureEvent = {
  type: 'capture',
  files: [{ name: 'chat.pcap', format: 'pcap', compression: undefined }],
}

/**
 * A story with a frame of every kind: compressed and not, fragments with a ping between, Chinese, hostile text, bytes, holes,
 * findings.
 */
export function sampleStory(): AnalysisEvent[] {
  const text = (words: string) => encoder.encode(words)
  const bytes = (...values: number[]) => Uint8Array.from(values)
  const article = bytes(0x32, 0x34, 0x34, 0x04, 0x00)
  const hostile = text('\x1b[2J\x1b[31mred\x07\n\u202egnp.exe\u0000\u2028 end')
  const long = text('{"kind":"price","items":['.concat('{"id":17,"name":"茶","price":"12.50"},'.repeat(40)))
  return [
    CAPTURE,
    sampleConnection(),
    sampleFrame({ frame: 1, lastPacket: 8, rsv1: true, maskingKey: 0x43020acf, payload: article }),
    sampleMessage({ message: 1, frames: [1], compressed: true, wireLength: 5, data: text('111') }),
    sampleFrame({
      frame: 2,
      from: 'server',
      lastPacket: 10,
      time: at(3100),
      payload: text('服务器回应: 111'),
    }),
    sampleMessage({
      message: 2,
      frames: [2],
      from: 'server',
      lastPacket: 10,
      time: at(3100),
      data: text('服务器回应: 111'),
    }),
    sampleFrame({
      frame: 3,
      lastPacket: 12,
      time: at(150_000),
      maskingKey: 0x37fa213d,
      fin: false,
      payload: text('one, '),
    }),
    sampleFrame({
      frame: 4,
      from: 'server',
      lastPacket: 13,
      time: at(150_400),
      opcode: 9,
      payload: bytes(0xde, 0xad, 0xbe, 0xef),
    }),
    sampleFrame({
      frame: 5,
      lastPacket: 14,
      time: at(150_500),
      opcode: 10,
      maskingKey: 0x01020304,
      payload: bytes(0xde, 0xad, 0xbe, 0xef),
    }),
    sampleFrame({
      frame: 6,
      lastPacket: 15,
      time: at(151_000),
      opcode: 0,
      part: { opcode: 1, number: 2, compressed: false },
      maskingKey: 0x00000000,
      payload: text('two'),
    }),
    makeFinding(
      'zero-masking-key',
      { opcode: 0, payloadLength: 3 },
      { connection: 1, frame: 6, from: 'client', lastPacket: 15 },
      at(151_000),
    ),
    sampleMessage({
      message: 3,
      frames: [3, 6],
      firstPacket: 12,
      lastPacket: 15,
      time: at(151_000),
      data: text('one, two'),
    }),
    sampleFrame({ frame: 7, lastPacket: 16, time: at(200_000), payload: hostile, maskingKey: 0xdeadbeef }),
    sampleMessage({ message: 4, frames: [7], lastPacket: 16, time: at(200_000), data: hostile }),
    sampleFrame({ frame: 8, from: 'server', lastPacket: 20, time: at(1_200_000), payload: long }),
    sampleMessage({
      message: 5,
      frames: [8],
      from: 'server',
      lastPacket: 20,
      time: at(1_200_000),
      data: long,
    }),
    sampleFrame({
      frame: 9,
      from: 'server',
      lastPacket: 21,
      time: at(1_300_000),
      opcode: 2,
      payload: bytes(...Array(70).keys()),
      payloadLength: 100,
      capturedLength: 60,
      holes: [
        [10, 20],
        [70, 100],
      ],
      cutBy: 'gap',
      segments: undefined,
    }),
    makeFinding(
      'incomplete-frame',
      {
        what: 'frame',
        from: 'server',
        opcode: 2,
        payloadLength: 100,
        capturedLength: 60,
        cutBy: 'gap',
        carrier: 'tcp',
        holes: [
          [10, 20],
          [70, 100],
        ],
        moreHoles: 0,
      },
      { connection: 1, frame: 9, from: 'server', firstPacket: 21, lastPacket: 21 },
    ),
    sampleMessage({
      message: 6,
      frames: [9],
      from: 'server',
      lastPacket: 21,
      time: at(1_300_000),
      opcode: 2,
      isText: false,
      incomplete: true,
      data: bytes(0, 1, 2, 3),
      length: 4,
      wireLength: 100,
    }),
    sampleFrame({
      frame: 10,
      lastPacket: 30,
      time: at(1_400_000),
      opcode: 11,
      rsv2: true,
      maskingKey: undefined,
      payload: bytes(1, 2),
    }),
    makeFinding(
      'reserved-opcode',
      { opcode: 11 },
      { connection: 1, frame: 10, from: 'client', lastPacket: 30 },
    ),
    makeFinding(
      'unmasked-client-frame',
      { opcode: 11, payloadLength: 2 },
      { connection: 1, frame: 10, from: 'client', lastPacket: 30 },
    ),
    sampleFrame({
      frame: 11,
      from: 'server',
      lastPacket: 31,
      time: at(1_500_000),
      opcode: 2,
      payloadLength: 2n ** 63n + 5n,
      payload: bytes(1, 2, 3),
      capturedLength: 3,
    }),
    sampleFrame({
      frame: 12,
      lastPacket: 38,
      time: at(2_345_000),
      opcode: 8,
      maskingKey: 0x11223344,
      payload: bytes(3, 0xe8, 0x62, 0x79, 0x65),
      close: { code: 1000, reason: 'bye' },
    }),
    sampleFrame({
      frame: 13,
      from: 'server',
      lastPacket: 40,
      time: at(2_345_678),
      opcode: 8,
      payload: bytes(3, 0xe8),
      close: { code: 1000, reason: '' },
    }),
    sampleClosed(),
    sampleSummary({
      findings: {
        'zero-masking-key': 1,
        'reserved-opcode': 1,
        'unmasked-client-frame': 1,
        'incomplete-frame': 1,
      },
      skipped: { udp: 3, arp: 1 },
    }),
  ]
}
