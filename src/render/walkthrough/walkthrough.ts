// The walkthrough: one frame explained bit by bit, to someone who sees a frame for the first time.
import { concat, wordToHex } from '../../base/bytes.ts'
import { type FrameEvent, type MessageEvent, Opcode } from '../../base/events.ts'
import type { FindingEvent } from '../../base/findings.ts'
import { CATALOGUES, type Catalogue } from '../../language/catalogue.ts'
import { fieldMeaning } from '../../language/field-meaning.ts'
import { findingSentence } from '../../language/finding-text.ts'
import type { Language } from '../../language/language.ts'
import { isoTime } from '../../records/time.ts'
import { encodeHeader } from '../../websocket/encode.ts'
import { type FrameField, fieldsOf } from '../../websocket/fields.ts'
import { lengthFormOf } from '../../websocket/header.ts'
import { unmask } from '../../websocket/mask.ts'
import { SEVERITY_STYLES } from '../table/finding-lines.ts'
import { escapeText } from '../text/escape.ts'
import { type Paint, paintWith } from '../text/style.ts'
import { hang, wrap } from '../text/wrap.ts'
import { bitDiagram } from './diagram.ts'
import { markedDump, type Part } from './dump.ts'
import { binary, inflateStep, maskingTable, meaning } from './payload.ts'

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
  readonly language: Language
}

/** The walkthrough of one frame, as lines. A terminal obeys nothing in them but the colours. */
export function walkthrough(subject: WalkSubject, look: WalkLook): string {
  const { frame, findings, message } = subject
  const { width } = look
  const paint = paintWith(look.color)
  const words = CATALOGUES[look.language]
  const { headings } = words.walk
  const header = encodeHeader(frame)
  const masked = onTheWire(frame)
  const bytes = concat([header, masked])
  const fields = fieldsOf(frame)
  const lines: string[] = [paint('bold', title(subject, words)), '']
  const section = (heading: string, body: readonly string[]): void => {
    lines.push(paint('bold', heading), '', ...body, '')
  }

  const captured = frame.headerLength + frame.capturedLength
  section(headings.bytes, markedDump(bytes, captured, partsOf(frame, words), words, width))
  section(headings.diagram, bitDiagram(fields, bytes, words))
  section(headings.header, headerBits(fields, header, words, width))
  section(headings.length, wrap(lengthLesson(frame, words), width))
  section(headings.mask, [
    ...wrap(maskLesson(frame, words), width),
    ...(frame.masked && masked.length > 0 ? ['', ...maskingTable(frame, masked, look.rows, words)] : []),
  ])
  if (message?.compressed === true || (frame.rsv1 && frame.opcode <= Opcode.binary))
    section(headings.compression, compressionLesson(subject, words, width))
  section(headings.meaning, hang('  ', meaning(frame, message, words, width), width))
  section(
    headings.findings,
    findings.length === 0
      ? wrap(words.walk.nothingWrong, width)
      : findings.flatMap((finding) => findingLines(finding, words, width, paint)),
  )
  return `${lines.join('\n')}\n`
}

/** The payload as it was on the wire: masking is its own inverse. */
function onTheWire(frame: FrameEvent): Uint8Array {
  return frame.maskingKey === undefined
    ? frame.payload
    : unmask(frame.payload, 0, frame.payload.length, frame.maskingKey, 0)
}

function title({ frame, source }: WalkSubject, { walk }: Catalogue): string {
  const direction = frame.from === 'client' ? walk.clientToServer : walk.serverToClient
  if (source === 'bytes') {
    const toldByMask = frame.masked === (frame.from === 'client')
    return (toldByMask ? walk.titleByMask : walk.title)(frame.frame, direction)
  }
  const packets = walk.packets(frame.firstPacket, frame.lastPacket)
  const time = frame.time === undefined ? '' : walk.comma + isoTime(frame.time)
  return `${walk.titleInCapture(frame.frame, frame.connection, direction)}\n${packets}${time}`
}

function partsOf(frame: FrameEvent, { walk: { parts } }: Catalogue): Part[] {
  const lengthEnd = frame.headerLength - (frame.masked ? 4 : 0)
  const end = frame.headerLength + frame.capturedLength
  return [
    { mark: '1', name: parts.bits, start: 0, end: 1 },
    { mark: '2', name: parts.maskAndLength, start: 1, end: 2 },
    { mark: 'L', name: parts.extendedLength, start: 2, end: lengthEnd },
    { mark: 'K', name: parts.maskingKey, start: lengthEnd, end: frame.headerLength },
    { mark: 'P', name: frame.masked ? parts.maskedPayload : parts.payload, start: frame.headerLength, end },
  ]
}

/** Each field with its bits in place, the others as dots, as Wireshark shows bit fields. */
function headerBits(
  fields: readonly FrameField[],
  header: Uint8Array,
  words: Catalogue,
  width: number,
): string[] {
  const { walk } = words
  const lines: string[] = []
  let byte = -1
  for (const field of fields) {
    if (field.name === 'Payload data') continue
    const name = words.fields.names[field.name]
    const value = shownValue(field, words)
    const meaning = fieldMeaning(words.fields, field)
    const first = field.firstBit >> 3
    if (field.bits > 8) {
      const range = walk.byteRange(first, first + field.bits / 8 - 1)
      lines.push(walk.headerByte(range, walk.fieldValue(name, value)), ...hang('  ', meaning, width))
      continue
    }
    if (first !== byte) {
      byte = first
      const shown = `0x${header[byte]!.toString(16).padStart(2, '0')} = ${binary(header[byte]!)}`
      lines.push(walk.headerByte(walk.byteRange(byte, byte), shown))
    }
    const bits = bitsInPlace(header[byte]!, field.firstBit & 7, field.bits)
    lines.push(...hang(`  ${bits}  `, walk.fieldMeaning(name, value, meaning), width))
  }
  return lines
}

function shownValue({ name, value }: FrameField, { walk, names }: Catalogue): string {
  if (name === 'Masking key') return wordToHex(Number(value))
  return name === 'Opcode'
    ? walk.opcodeValue(`0x${value.toString(16)}`, names.opcode(Number(value)))
    : String(value)
}

function bitsInPlace(byte: number, first: number, bits: number): string {
  const digits = byte.toString(2).padStart(8, '0')
  const shown = Array.from(digits, (digit, i) => (i >= first && i < first + bits ? digit : '.')).join('')
  return `${shown.slice(0, 4)} ${shown.slice(4)}`
}

/** How the payload length is written, and why (RFC 6455 §5.2). */
function lengthLesson(frame: FrameEvent, { walk }: Catalogue): string {
  const { headerLength, payloadLength, capturedLength } = frame
  const form = lengthFormOf(frame)
  const words = { 7: walk.lengthItself, 16: walk.lengthIn2Bytes, 64: walk.lengthIn8Bytes }[form]
  const whole = walk.wholeLength(headerLength, payloadLength, BigInt(headerLength) + BigInt(payloadLength))
  const missing = BigInt(payloadLength) - BigInt(capturedLength)
  return walk.paragraph([
    words(sum(form === 64 ? payloadLength : Number(payloadLength))),
    whole,
    ...(missing > 0n ? [walk.missing(payloadLength, capturedLength, missing)] : []),
  ])
}

/** `0x18 = 1 × 16 + 8 = 24`: hexadecimal digits count sixteens, not tens. */
function sum(value: number | bigint): string {
  const hex = `0x${value.toString(16).padStart(2, '0')}`
  if (typeof value === 'bigint' || value > 0xff) return `${hex} = ${value}`
  return value < 0x10 ? `${hex} = ${value}` : `${hex} = ${value >> 4} × 16 + ${value & 15} = ${value}`
}

function maskLesson({ maskingKey, from }: FrameEvent, { walk }: Catalogue): string {
  if (maskingKey !== undefined) return walk.masked(wordToHex(maskingKey))
  return from === 'server' ? walk.notMaskedByServer : walk.notMaskedByClient
}

function compressionLesson(
  { frame, message, findings }: WalkSubject,
  words: Catalogue,
  width: number,
): string[] {
  const { walk } = words
  const isRefused =
    !frame.rsv2 && !frame.rsv3 && findings.some(({ code }) => code === 'rsv-without-extension')
  const isCompressed = message?.compressed ?? !isRefused
  if (!isCompressed) return wrap(walk.notCompressed, width)
  return [
    ...wrap(frame.rsv1 ? walk.compressed : walk.compressedFurther, width),
    '',
    ...inflateStep(frame, message, words, width),
  ]
}

function findingLines(
  finding: FindingEvent,
  { walk, findings }: Catalogue,
  width: number,
  paint: Paint,
): string[] {
  const label = walk.finding(findings.severities[finding.severity], finding.code)
  const found = escapeText(findingSentence(findings.sentences, finding))
  const sentence = walk.findingSentence(found, finding.reference)
  const [first = '', ...rest] = wrap(walk.paragraph([label, sentence]), width)
  // Painted after it is broken into lines, because colours take no columns.
  const painted = paint(SEVERITY_STYLES[finding.severity], first.slice(0, label.length))
  return [painted + first.slice(label.length), ...rest]
}
