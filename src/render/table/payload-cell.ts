// What a payload says, in one cell: text, bytes or a close code. A note in parentheses says if that is not all of it.
import { isUtf8 } from 'node:buffer'
import type { FrameEvent, MessageEvent } from '../../base/events.ts'
import { Opcode } from '../../base/events.ts'
import { names } from '../../language/en/names.ts'
import { shortNumber } from '../text/amount.ts'
import { escapeBytes, escapeText } from '../text/escape.ts'
import type { Row } from '../text/row.ts'

/**
 * Writes the payload of a frame, in at most `columns` columns. If it is compressed, it only says so: its message has the text.
 */
export function writeFrame(row: Row, frame: FrameEvent, columns: number): void {
  const { part } = frame
  const isPart = part !== undefined && !(frame.fin && part.number === 1)
  const isCompressed = part?.compressed === true
  if (!isPart && !isCompressed && frame.capturedLength === frame.payloadLength) {
    writeContent(row, '', frame, columns)
    return
  }
  const notes: string[] = []
  if (isPart) notes.push(`part ${part.number}${frame.fin ? ', end' : ''}`)
  if (frame.capturedLength < frame.payloadLength)
    notes.push(`${frame.capturedLength} of ${shortNumber(frame.payloadLength, 8)} bytes`)
  if (isCompressed) notes.push('compressed')
  const note = noteOf(notes)
  if (isCompressed || note.length >= columns) row.text(escapeText(note.trimEnd(), columns))
  else writeContent(row, note, frame, columns - note.length)
}

/** Writes the content of a message, inflated, in at most `columns` columns. */
export function writeMessage(row: Row, message: MessageEvent, columns: number): void {
  const { data, incomplete, frames, withoutContext, opcode } = message
  const notes: string[] = []
  if (frames.length > 1) notes.push(`${frames.length} parts`)
  if (incomplete) notes.push(data === undefined ? 'incomplete, nothing sure' : 'incomplete')
  if (withoutContext) notes.push('needs no lost window')
  const note = noteOf(notes)
  const room = columns - note.length
  if (room < 1) row.text(escapeText(note.trimEnd(), columns))
  else if (data === undefined) row.text(note)
  else if (opcode === Opcode.text) row.utf8(data, room, note)
  else row.text(note + escapeBytes(data, room))
}

function noteOf(notes: readonly string[]): string {
  return notes.length === 0 ? '' : `(${notes.join(', ')}) `
}

function writeContent(row: Row, note: string, frame: FrameEvent, columns: number): void {
  const { payload, close, opcode, part } = frame
  if (close !== undefined) {
    const reason = close.reason === '' ? '' : ` "${close.reason.slice(0, payload.length)}"`
    const name = names.closeCode(close.code)
    row.text(note + escapeText(`${close.code}${name === '' ? '' : ` ${name}`}${reason}`, columns))
  } else if (part?.opcode === Opcode.text) row.utf8(payload, columns, note)
  else if (part?.opcode === Opcode.binary) row.text(note + escapeBytes(payload, columns))
  else if (opcode <= Opcode.pong && readable(payload)) row.utf8(payload, columns, note)
  else row.text(note + escapeBytes(payload, columns))
}

/** Pings, pongs and continuations of unknown messages may hold anything. They count as text only if they can be nothing else. */
function readable(payload: Uint8Array): boolean {
  return payload.length <= 1024 && isUtf8(payload) && !payload.some((byte) => byte < 0x20 || byte === 0x7f)
}
