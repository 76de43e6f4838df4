// A capture in, its Golden out: what was said, without what changes by chance.
import { hash } from 'node:crypto'
import { toHex } from '../base/bytes.ts'
import { Opcode } from '../base/events.ts'
import { FINDINGS } from '../base/findings.ts'
import type { Message } from '../records/message.ts'
import type { Capture, Connection } from '../records/model.ts'
import type { ClosedRecord, FindingRecord, FrameRecord, HeadRecord, PacketRange } from '../records/records.ts'
import { fewestBits, lengthFormOf } from '../websocket/header.ts'
import {
  type Golden,
  type GoldenBytes,
  type GoldenClosed,
  type GoldenConnection,
  type GoldenFinding,
  type GoldenFrame,
  type GoldenHandshake,
  type GoldenMessage,
  type Level,
  NO_RULES,
  type Place,
  type Rules,
} from './golden.ts'
import { compileRules } from './rules.ts'

/** Of longer binary messages, the start is shown, and the length and SHA-256 are compared. */
const SHOWN_BYTES = 512
const START_BYTES = 64

/** What happened to packets is chance. What that did to messages shows in the messages, and in gaps. */
const OF_THE_PACKETS: ReadonlySet<string> = new Set([
  'malformed-packet',
  'retransmission-conflict',
  'truncated-packet',
  'unsupported-link-type',
])
/** Findings about pings depend on a timer: they belong to the frame layer. */
const OF_THE_FRAME_LAYER: ReadonlySet<string> = new Set(['unanswered-ping', 'unsolicited-pong-payload'])

/** The golden of a capture, with the rules applied. Throws InputError for a rule that makes no sense or takes too long. */
export function recordGolden(capture: Capture, level: Level = 'messages', rules: Rules = NO_RULES): Golden {
  return compileRules(rules).apply({
    level,
    rules,
    connections: capture.connections.map((connection) => goldenConnection(connection, level, rules)),
    findings: goldenFindings(capture.findings, level),
  })
}

function goldenConnection(connection: Connection, level: Level, rules: Rules): GoldenConnection {
  return {
    handshake: goldenHandshake(connection, rules),
    messages: connection.messages.map(goldenMessage),
    frames: level === 'frames' ? connection.frames.map(goldenFrame) : undefined,
    findings: goldenFindings(connection.findings, level),
    closed: goldenClosed(connection.closed),
    number: connection.connection,
  }
}

/** What a golden file keeps of the end of a connection. */
export function goldenClosed(
  closed: Pick<ClosedRecord, 'how' | 'code' | 'reason' | 'initiator'>,
): GoldenClosed {
  return { how: closed.how, code: closed.code, reason: closed.reason, by: closed.initiator }
}

/** What a golden file keeps of a handshake, with the headers that the rules name. */
export function goldenHandshake(
  connection: Pick<Connection, 'handshake' | 'subprotocol' | 'extensions'>,
  rules: Rules,
): GoldenHandshake | null {
  const { request, response } = connection.handshake
  if (request === null && response === null) return null
  return {
    target: request === null ? null : (request.startLine.split(' ')[1] ?? null),
    host: hostName(headerOf(request, 'Host')),
    offered: {
      subprotocols: headerOf(request, 'Sec-WebSocket-Protocol'),
      extensions: headerOf(request, 'Sec-WebSocket-Extensions'),
    },
    subprotocol: connection.subprotocol,
    extensions: connection.extensions.map(({ name, params }) =>
      [name, ...params.map(([param, value]) => (value === null ? param : `${param}=${value}`))].join('; '),
    ),
    headers: rules.headers.flatMap((name) => [
      ...namedHeader(request, 'request', name),
      ...namedHeader(response, 'response', name),
    ]),
  }
}

/** Several header lines with one name are one list (RFC 9110 §5.2). */
function headerOf(head: HeadRecord | null, name: string): string | null {
  const values = head?.headers.filter(([other]) => other.toLowerCase() === name.toLowerCase())
  return values === undefined || values.length === 0 ? null : values.map(([, value]) => value).join(', ')
}

function namedHeader(head: HeadRecord | null, side: string, name: string): [name: string, value: string][] {
  const value = headerOf(head, name)
  return value === null ? [] : [[`${side} ${name}`, value]]
}

function hostName(host: string | null): string | null {
  if (host === null || host.startsWith('[')) return null
  const name = host.replace(/:\d*$/, '').toLowerCase()
  const isOfTestBed = name === '' || name === 'localhost' || name.includes(':') || /^[\d.]+$/.test(name)
  return isOfTestBed ? null : name
}

/** A message, in a record or in the model. */
type AnyMessage = Pick<Message, 'from' | 'opcodeName' | 'frames' | 'packet'> & {
  readonly text?: string | undefined
  readonly data?: Uint8Array | undefined
  readonly incomplete?: boolean
}

/** What a golden file keeps of a message: of its bytes, only those that it shows. */
export function goldenMessage(message: AnyMessage): GoldenMessage {
  const { from, text, opcodeName, incomplete, frames, packet } = message
  // The model makes bytes of a text only if they are asked for.
  const data = text === undefined ? message.data : undefined
  return {
    from,
    text,
    bytes: data === undefined ? undefined : goldenBytes(data),
    invalidText: opcodeName === 'text' && data !== undefined,
    incomplete: incomplete === true,
    place: placeOf(frames, packet),
  }
}

function goldenBytes(bytes: Uint8Array): GoldenBytes {
  const { length } = bytes
  if (length <= SHOWN_BYTES) return { length, hex: toHex(bytes), sha256: undefined }
  const sha256 = hash('sha256', bytes, 'hex')
  return { length, hex: toHex(bytes, '', 0, START_BYTES), sha256 }
}

/** What a golden file keeps of a frame. */
export function goldenFrame(frame: FrameRecord<Uint8Array>): GoldenFrame {
  const length = frame.payloadLength
  const form = lengthFormOf(frame)
  const isFewest = form === fewestBits(typeof length === 'string' ? BigInt(length) : length)
  return {
    from: frame.from,
    opcode: frame.opcodeName,
    fin: frame.fin,
    rsv: [frame.rsv1, frame.rsv2, frame.rsv3].flatMap((isSet, i) => (isSet ? [i + 1] : [])),
    masked: frame.masked,
    // The payload of a ping is a counter or a clock of its sender.
    length: frame.opcode === Opcode.ping || frame.opcode === Opcode.pong ? undefined : length,
    lengthForm: isFewest ? undefined : form,
    place: placeOf([frame.frame], frame.packet),
  }
}

/** Findings by code and side, in the order of the first one of each. */
function goldenFindings(findings: readonly FindingRecord[], level: Level): GoldenFinding[] {
  const groups = new FindingGroups(level)
  for (const finding of findings) groups.add(finding)
  return groups.findings
}

/** Findings as they come, of one connection or of none, by code and side. */
export class FindingGroups {
  readonly #level: Level
  readonly #groups = new Map<string, GoldenFinding>()

  constructor(level: Level) {
    this.#level = level
  }

  /** In the order of the first one of each. */
  get findings(): GoldenFinding[] {
    return [...this.#groups.values()]
  }

  add(finding: FindingRecord): void {
    if (OF_THE_PACKETS.has(finding.code)) return
    if (this.#level === 'messages' && OF_THE_FRAME_LAYER.has(finding.code)) return
    const key = `${finding.code} ${finding.from}`
    const group = this.#groups.get(key)
    const { severity } = FINDINGS[finding.code]
    const isCounted = severity !== 'capture'
    this.#groups.set(key, {
      code: finding.code,
      severity,
      from: finding.from,
      count: isCounted ? (group?.count ?? 0) + 1 : undefined,
      place: group?.place ?? placeOf(finding.frame === undefined ? [] : [finding.frame], finding.packet),
      message: group?.message ?? finding.message,
    })
  }
}

function placeOf(frames: readonly number[], packet: PacketRange | undefined): Place {
  return { frames, firstPacket: packet?.first, lastPacket: packet?.last }
}
