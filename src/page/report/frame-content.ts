// What the frames of a report say: their headers, their payloads, and the text that is listed or searched.
import { toHex } from '../../base/bytes.ts'
import { OPCODE_NAMES, Opcode } from '../../base/events.ts'
import type { Side } from '../../base/stream.ts'
import { FrameFlag, MessageFlag } from '../../report/page-data.ts'
import { readCloseBody } from '../../websocket/close.ts'
import type { Header } from '../../websocket/header.ts'
import type { ReportCapture } from './capture.ts'

/** Bytes that are looked at for a line of the list. */
const PREVIEW = 240
/** Bytes of one frame or message that are searched through. */
const SEARCHED = 64 * 1024

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Who sent the frame. */
export function sideOf(capture: ReportCapture, row: number): Side {
  return capture.frames.flags[row]! & FrameFlag.server ? 'server' : 'client'
}

/** 0 … 15. */
export function opcodeOf(capture: ReportCapture, row: number): number {
  return capture.frames.firstByte[row]! & 0x0f
}

/** `continuation text binary close ping pong`, or `reserved-3` … `reserved-15`. */
export function opcodeNameOf(capture: ReportCapture, row: number): string {
  return OPCODE_NAMES[opcodeOf(capture, row)]!
}

/** The header's fields. */
export function headerOf({ frames }: ReportCapture, row: number): Header {
  const first = frames.firstByte[row]!
  const masked = (frames.flags[row]! & FrameFlag.masked) !== 0
  return {
    fin: (first & 0x80) !== 0,
    rsv1: (first & 0x40) !== 0,
    rsv2: (first & 0x20) !== 0,
    rsv3: (first & 0x10) !== 0,
    opcode: first & 0x0f,
    masked,
    maskingKey: masked ? frames.maskingKey[row] : undefined,
    headerLength: frames.headerLength[row]!,
    payloadLength: frames.payloadLength[row]!,
  }
}

/** The payload of a frame, unmasked and not inflated: the part that is in the report. */
export function payloadOf(capture: ReportCapture, row: number, most = Infinity): Uint8Array {
  const { payloadAt, payloadKept } = capture.frames
  return capture.payload(payloadAt[row]!, Math.min(payloadKept[row]!, most))
}

/** Row of the frame's message; undefined if it belongs to none. */
export function messageOf({ frames }: ReportCapture, row: number): number | undefined {
  const message = frames.message[row]!
  return message === 0 ? undefined : message - 1
}

/** Whether the frame is the one that completes its message. */
export function completes(capture: ReportCapture, row: number): boolean {
  const message = messageOf(capture, row)
  return message !== undefined && capture.messages.lastRow[message] === row
}

/** Rows of a message's frames. */
export function rowsOfMessage({ frames, messages }: ReportCapture, message: number): number[] {
  const rows: number[] = []
  const last = messages.lastRow[message]!
  for (let row = messages.firstRow[message]!; row <= last; row++) {
    if (frames.message[row] === message + 1) rows.push(row)
  }
  return rows
}

/** The message's bytes, inflated if it was compressed; as far as they are sure and in the report, and no more than `most`. */
export function dataOf(capture: ReportCapture, message: number, most = Infinity): Uint8Array {
  const { flags, dataAt, dataKept, length } = capture.messages
  if (flags[message]! & MessageFlag.compressed)
    return capture.payload(dataAt[message]!, Math.min(dataKept[message]!, most))
  const wanted = Math.min(length[message]!, most)
  const rows = rowsOfMessage(capture, message)
  if (rows.length === 1) return payloadOf(capture, rows[0]!, wanted)
  const data = new Uint8Array(
    Math.min(
      wanted,
      rows.reduce((sum, row) => sum + capture.frames.payloadKept[row]!, 0),
    ),
  )
  let at = 0
  for (const row of rows) {
    if (at === data.length) break
    const part = payloadOf(capture, row, data.length - at)
    data.set(part, at)
    at += part.length
    // What follows a cut payload cannot be joined to it.
    if (part.length < capture.frames.payloadLength[row]!) break
  }
  return data.subarray(0, at)
}

/** Whether all of the message is in the report. */
export function isWhole({ messages }: ReportCapture, message: number, data: Uint8Array): boolean {
  return (messages.flags[message]! & MessageFlag.incomplete) === 0 && data.length === messages.length[message]
}

/** What a frame says, in a line: `kind` tells how it is to be read. */
export interface Content {
  readonly kind: 'text' | 'hex' | 'close' | 'compressed' | 'empty'
  /** What the frame itself brought; '' if that is nothing, or if it is compressed and says something only as part of its message. */
  readonly text: string
  /** Whether the frame is one of several of its message. */
  readonly isPart: boolean
  /** Of the last of several: what the message says; '' if it is empty. Otherwise undefined. */
  readonly whole: string | undefined
}

/** For the list. */
export function previewOf(capture: ReportCapture, row: number): Content {
  return contentOf(capture, row, PREVIEW)
}

/** What is searched through: the text, or the bytes as hex; for the last of several frames all of the message. */
export function searchableOf(capture: ReportCapture, row: number): string {
  const { text, whole } = contentOf(capture, row, SEARCHED)
  return whole ?? text
}

function contentOf(capture: ReportCapture, row: number, most: number): Content {
  const opcode = opcodeOf(capture, row)
  if (opcode === Opcode.close) {
    const body = readCloseBody(payloadOf(capture, row, most))
    return body === undefined
      ? EMPTY
      : { ...EMPTY, kind: 'close', text: `${body.code} ${body.reason}`.trim() }
  }
  const message = opcode > Opcode.close ? undefined : messageOf(capture, row)
  if (message === undefined) return textOrHex(payloadOf(capture, row, most))
  const { flags, frameCount } = capture.messages
  const isLast = completes(capture, row)
  if (isLast && frameCount[message] === 1) return saying(capture, message, most)
  const isCompressed = (flags[message]! & MessageFlag.compressed) !== 0
  const payload = payloadOf(capture, row, most)
  const own = isCompressed && payload.length > 0 ? COMPRESSED : partOf(payload, flags[message]!)
  return { ...own, isPart: true, whole: isLast ? saying(capture, message, most).text : undefined }
}

/** The whole message. */
function saying(capture: ReportCapture, message: number, most: number): Content {
  const data = dataOf(capture, message, most)
  if (data.length === 0) return EMPTY
  return capture.messages.flags[message]! & MessageFlag.isText
    ? { ...EMPTY, kind: 'text', text: utf8.decode(data) }
    : hex(data)
}

/** A fragment by itself. One that begins or ends inside a character is shown as bytes. */
function partOf(payload: Uint8Array, flags: number): Content {
  return flags & MessageFlag.binary && payload.length > 0 ? hex(payload) : textOrHex(payload)
}

const EMPTY: Content = { kind: 'empty', text: '', isPart: false, whole: undefined }
const COMPRESSED: Content = { ...EMPTY, kind: 'compressed' }

function hex(bytes: Uint8Array): Content {
  return { ...EMPTY, kind: 'hex', text: toHex(bytes, ' ') }
}

function textOrHex(bytes: Uint8Array): Content {
  if (bytes.length === 0) return EMPTY
  const text = utf8.decode(bytes)
  return /[\ufffd\0-\x08\x0e-\x1f]/.test(text) ? hex(bytes) : { ...EMPTY, kind: 'text', text }
}
