// The walkthrough: one frame explained bit by bit, to someone who sees a frame for the first time.
import { concat, wordToHex } from '../bytes.ts'
import { type FrameEvent, type MessageEvent, OPCODE_NAMES } from '../events.ts'
import type { FindingEvent } from '../findings.ts'
import { fields as english } from '../language/en/fields.ts'
import { fieldMeaning } from '../language/field-meaning.ts'
import type { Side } from '../stream.ts'
import { encodeHeader } from '../websocket/encode.ts'
import { type FrameField, fieldsOf } from '../websocket/fields.ts'
import { unmask } from '../websocket/mask.ts'
import { escapeText } from './escape.ts'
import { SEVERITY_STYLES } from './finding-lines.ts'
import { paintWith } from './style.ts'
import { isoTime } from './time.ts'
import { bitDiagram } from './walk-diagram.ts'
import { markedDump, type Part } from './walk-dump.ts'
import { lengthLesson } from './walk-length.ts'
import { binary, inflateStep, maskingTable, meaning } from './walk-payload.ts'
import { displayWidth } from './width.ts'
import { wrap } from './wrap.ts'

/** What is walked through. */
export interface WalkSubject {
  readonly frame: FrameEvent
  /** What is wrong with this frame, and with the message that it completes. */
  readonly findings: readonly FindingEvent[]
  /** The message that this frame completes. */
  readonly message: MessageEvent | undefined
  /** Where the frame is from: a capture's file, or bytes given on the command line. */
  readonly source: 'capture' | 'bytes'
}

/** How the walkthrough is to look. */
export interface WalkLook {
  readonly width: number
  readonly color: boolean
  /** Rows of the masking table. */
  readonly rows: number
}

/** The walkthrough of one frame: lines, none with anything in it that a terminal would obey but the painter's colours. */
export function walkthrough({ frame, findings, message, source }: WalkSubject, look: WalkLook): string {
  const paint = paintWith(look.color)
  const header = encodeHeader(frame)
  const masked = onTheWire(frame)
  const bytes = concat([header, masked])
  const fields = fieldsOf(frame)
  const lines: string[] = [paint('bold', title(frame, source)), '']
  const section = (heading: string, body: readonly string[]): void => {
    lines.push(paint('bold', heading), '', ...body.flatMap((line) => wrapProse(line, look.width)), '')
  }

  section('The bytes', markedDump(bytes, frame.headerLength + frame.capturedLength, partsOf(frame)))
  section('The frame, as RFC 6455 §5.2 draws it', bitDiagram(fields, bytes))
  section('The header, bit by bit', headerBits(fields, header))
  section('The length', lengthLesson(frame))
  if (frame.masked) {
    section('The mask', [
      maskLesson(frame),
      ...(masked.length > 0 ? ['', ...maskingTable(frame, masked, look.rows)] : []),
    ])
  } else {
    section('The mask', [unmaskedLesson(frame.from)])
  }
  if (message?.compressed === true || (frame.rsv1 && frame.opcode < 8)) {
    section('The compression (permessage-deflate, RFC 7692)', [
      compressionLesson(frame),
      '',
      ...inflateStep(frame, message),
    ])
  }
  section(
    'What it says',
    meaning(frame, message, look.width).map((line) => `  ${line}`),
  )
  section(
    'What is wrong with it',
    findings.length === 0
      ? ['Nothing: the frame obeys RFC 6455.']
      : findings.map(
          (finding) =>
            `${paint(SEVERITY_STYLES[finding.severity], `${finding.severity} ${finding.code}:`)} ${escapeText(finding.message)} (${finding.reference})`,
        ),
  )
  return `${lines.join('\n')}\n`
}

/** The payload as it stood on the wire: masking is its own inverse. */
function onTheWire(frame: FrameEvent): Uint8Array {
  return frame.maskingKey === undefined
    ? frame.payload
    : unmask(frame.payload, 0, frame.payload.length, frame.maskingKey, 0)
}

function title(frame: FrameEvent, source: WalkSubject['source']): string {
  const direction = frame.from === 'client' ? 'client → server' : 'server → client'
  if (source === 'bytes') return `Frame ${frame.frame}: ${direction}, by its MASK bit`
  const packets =
    frame.firstPacket === frame.lastPacket
      ? `packet ${frame.lastPacket}`
      : `packets ${frame.firstPacket} to ${frame.lastPacket}`
  const time = frame.time === undefined ? '' : `, ${isoTime(frame.time)}`
  return `Frame ${frame.frame} of connection ${frame.connection}: ${direction}\n${packets}${time}`
}

function partsOf(frame: FrameEvent): Part[] {
  const lengthEnd = frame.headerLength - (frame.masked ? 4 : 0)
  const end = frame.headerLength + frame.capturedLength
  return [
    { mark: '1', name: 'FIN, RSV1, RSV2, RSV3, opcode', start: 0, end: 1 },
    { mark: '2', name: 'MASK, payload length', start: 1, end: 2 },
    { mark: 'L', name: 'extended payload length', start: 2, end: lengthEnd },
    { mark: 'K', name: 'masking key', start: lengthEnd, end: frame.headerLength },
    {
      mark: 'P',
      name: frame.masked ? 'payload data, masked' : 'payload data',
      start: frame.headerLength,
      end,
    },
  ]
}

/** Each field with its bits in place, the others as dots, as Wireshark shows bit fields. */
function headerBits(fields: readonly FrameField[], header: Uint8Array): string[] {
  const lines: string[] = []
  let byte = -1
  for (const field of fields) {
    if (field.name === 'Payload data') continue
    const first = field.firstBit >> 3
    if (field.bits > 8) {
      lines.push(
        `bytes ${first} to ${first + field.bits / 8 - 1}: ${field.name} = ${shownValue(field)}`,
        `  ${fieldMeaning(english, field)}`,
      )
      continue
    }
    if (first !== byte) {
      byte = first
      lines.push(`byte ${byte}: 0x${header[byte]!.toString(16).padStart(2, '0')} = ${binary(header[byte]!)}`)
    }
    lines.push(
      `  ${bitsInPlace(header[byte]!, field.firstBit & 7, field.bits)}  ${field.name} = ${shownValue(field)}: ${fieldMeaning(english, field)}`,
    )
  }
  return lines
}

function shownValue(field: FrameField): string {
  if (field.name === 'Masking key') return wordToHex(Number(field.value))
  return field.name === 'Opcode'
    ? `0x${field.value.toString(16)} (${OPCODE_NAMES[Number(field.value)]})`
    : String(field.value)
}

function bitsInPlace(byte: number, first: number, bits: number): string {
  const digits = byte.toString(2).padStart(8, '0')
  const shown = Array.from(digits, (digit, i) => (i >= first && i < first + bits ? digit : '.')).join('')
  return `${shown.slice(0, 4)} ${shown.slice(4)}`
}

function maskLesson(frame: FrameEvent): string {
  return [
    `MASK is 1: each payload byte was XORed with a byte of the masking key ${wordToHex(frame.maskingKey!)}, in turn (RFC 6455 §5.3).`,
    'This is no encryption: the key stands in the frame, right before the payload, and everyone who sees the frame can undo it, as here.',
    'It keeps a page from choosing the bytes that go over the wire, which could fool old proxies into taking them for HTTP (§10.3).',
  ].join(' ')
}

function unmaskedLesson(from: Side): string {
  return from === 'server'
    ? 'MASK is 0: a server does not mask (RFC 6455 §5.1); there is no masking key, and the payload stands as it is.'
    : 'MASK is 0: there is no masking key, and the payload stands as it is. A client must mask (RFC 6455 §5.1).'
}

function compressionLesson(frame: FrameEvent): string {
  return frame.rsv1
    ? 'RSV1 is 1: the handshake agreed on permessage-deflate, and this message is compressed. Unmasking alone does not give its text: the bytes are a deflate stream, and must be inflated before they are read.'
    : 'RSV1 is 0 here because only the first fragment of a compressed message carries it.'
}

/** Breaks prose at spaces, further lines below the text of the first; what is drawn stays as it is. */
function wrapProse(line: string, width: number): string[] {
  const drawn = /^ ?[│┌├└|+]|^ {2}\d (?:\d| {5})|^[0-9a-f]{4} {2}|^ {6}/.test(line)
  if (drawn || displayWidth(line) <= width) return [line]
  const [lead = ''] = /^\s*(?:[01.]{4} [01.]{4} {2}|\w+ {2,})?/.exec(line) ?? []
  const indent = ' '.repeat(lead.length)
  return wrap(line.slice(lead.length), width - lead.length).map((part, i) => (i === 0 ? lead : indent) + part)
}
