// Conversations of frames for tests of websocket/: what each side says, as bytes in packets; what a WebSocketConnection hears.
import { concat } from '../../../src/base/bytes.ts'
import {
  type AnalysisEvent,
  type ClosedEvent,
  type Deflate,
  type FrameEvent,
  type MessageEvent,
  Opcode,
} from '../../../src/base/events.ts'
import type { FindingEvent } from '../../../src/base/findings.ts'
import { Budget, type Limits, limitsWith } from '../../../src/base/limits.ts'
import type { EndReason, Side, StreamItem } from '../../../src/base/stream.ts'
import { makeInflaterPool } from '../../../src/conversation/inflater-pool.ts'
import { nodePlatform } from '../../../src/platform/node/platform.ts'
import { WebSocketConnection } from '../../../src/websocket/connection.ts'
import { encodeFrame, type FrameFields } from '../../../src/websocket/encode.ts'
import type { MakeInflater } from '../../../src/websocket/inflater.ts'
import { utf8 } from '../builders/packet-builder.ts'

/** One thing that happens, in a packet of its own. */
export type Step = readonly [
  from: Side,
  what: Uint8Array | { readonly gap: number } | { readonly end: EndReason },
]

/** Everything that the connection emitted, in order and by kind. */
export interface Heard {
  readonly events: readonly AnalysisEvent[]
  readonly frames: readonly FrameEvent[]
  readonly messages: readonly MessageEvent[]
  readonly findings: readonly FindingEvent[]
  readonly codes: readonly string[]
  readonly closed: ClosedEvent
  /** Bytes of the budget that are still held. */
  readonly held: number
}

/** Options of the connection. */
export interface HearOptions {
  readonly deflate?: Deflate | null
  readonly midstream?: boolean
  readonly extensionsKnown?: boolean
  readonly limits?: Partial<Limits>
  readonly budget?: Budget
  readonly makeInflater?: MakeInflater
  /** How both directions end, if the steps do not say. */
  readonly end?: EndReason
}

/** permessage-deflate without any parameter. */
export const DEFLATE: Deflate = {
  client: { contextTakeover: true, windowBits: 15 },
  server: { contextTakeover: true, windowBits: 15 },
}

let keys = 0

/** A frame of the client: whole, of text, masked with another key each time, unless `fields` say otherwise. */
export function client(fields: Partial<FrameFields> & { readonly text?: string } = {}): Step {
  keys = (Math.imul(keys, 1_664_525) + 1_013_904_223) >>> 0
  return ['client', frame({ maskingKey: keys, ...fields })]
}

/** A frame of the server: whole, of text, not masked, unless `fields` say otherwise. */
export function server(fields: Partial<FrameFields> & { readonly text?: string } = {}): Step {
  return ['server', frame(fields)]
}

function frame({ text = '', ...fields }: Partial<FrameFields> & { readonly text?: string }): Uint8Array {
  return encodeFrame({ fin: true, opcode: Opcode.text, payload: utf8(text), ...fields })
}

/** A close frame's body. */
export function closeBody(code: number, reason = ''): Uint8Array {
  return concat([Uint8Array.of(code >> 8, code & 0xff), utf8(reason)])
}

/** Frames of both sides that leave no doubt about the frame boundaries in mid-stream. */
export const PRELUDE: readonly Step[] = Array.from({ length: 24 }, (_, i) =>
  (i % 2 === 0 ? client : server)({ text: `{"number":${i},"text":"${'some words '.repeat(i % 5)}"}` }),
)

/** The handshake of closing, begun by the client. */
export const CLOSING: readonly Step[] = [
  [
    'client',
    encodeFrame({ fin: true, opcode: Opcode.close, maskingKey: 0x01020304, payload: closeBody(1000) }),
  ],
  ['server', encodeFrame({ fin: true, opcode: Opcode.close, payload: closeBody(1000) })],
]

/** What a connection makes of the steps. */
export function hear(steps: readonly Step[], options: HearOptions = {}): Heard {
  const limits = limitsWith(options.limits)
  const budget = options.budget ?? new Budget(limits.waitingTotal)
  const events: AnalysisEvent[] = []
  const connection = new WebSocketConnection({
    connection: 1,
    deflate: options.deflate ?? null,
    midstream: options.midstream ?? false,
    extensionsKnown: options.extensionsKnown ?? !options.midstream,
    limits,
    budget,
    makeInflater: options.makeInflater ?? makeInflaterPool(limits, budget, nodePlatform),
    emit: (event) => events.push(lasting(event)),
  })
  const ended = new Set<Side>()
  let packet = 0
  const push = (from: Side, item: StreamItem): void => {
    connection.push(from, item)
    while (connection.next());
    if (item.kind === 'chunk') item.bytes.fill(0xa5)
    if (item.kind === 'end') ended.add(from)
  }
  for (const [from, what] of steps) push(from, itemOf(what, ++packet))
  for (const from of ['client', 'server'] as const) {
    if (!ended.has(from)) push(from, itemOf({ end: options.end ?? 'fin' }, ++packet))
  }
  connection.end()
  const findings = events.filter((event) => event.type === 'finding')
  return {
    events,
    frames: events.filter((event) => event.type === 'frame'),
    messages: events.filter((event) => event.type === 'message'),
    findings,
    codes: findings.map(({ code }) => code),
    closed: events.find((event) => event.type === 'closed')!,
    held: budget.held,
  }
}

/** The text of a message's data. */
export function textOf(message: MessageEvent | undefined): string | undefined {
  return message?.data === undefined ? undefined : new TextDecoder().decode(message.data)
}

/** The same steps with each side's bytes cut at other places: into pieces of the given lengths, over and over. */
export function cutInto(steps: readonly Step[], lengths: readonly number[]): Step[] {
  const pieces: Step[] = []
  let turn = 0
  for (const [from, what] of steps) {
    if (!(what instanceof Uint8Array)) {
      pieces.push([from, what])
      continue
    }
    for (let at = 0; at < what.length; ) {
      const length = lengths[turn++ % lengths.length]!
      pieces.push([from, what.slice(at, at + length)])
      at += length
    }
  }
  return pieces
}

/** Bytes are only lent: the memory is overwritten once the connection has read them. */
function itemOf(what: Step[1], packet: number): StreamItem {
  const place = { released: packet, time: { seconds: packet, nanoseconds: 0 } }
  if ('gap' in what) return { kind: 'gap', length: what.gap, reason: 'acknowledged', ...place }
  if ('end' in what) return { kind: 'end', reason: what.end, ...place }
  return {
    kind: 'chunk',
    bytes: what.slice(),
    start: 0,
    end: what.length,
    packet,
    segmentStart: true,
    ...place,
  }
}

/** An event whose views were copied. */
function lasting(event: AnalysisEvent): AnalysisEvent {
  if (event.type === 'frame') return { ...event, payload: event.payload.slice() }
  if (event.type === 'message') return { ...event, data: event.data?.slice() }
  return event
}
