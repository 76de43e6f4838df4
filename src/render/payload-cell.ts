// What a payload says, in one cell: text, or bytes, or a close code, with a note in parentheses where it is not the whole of it.
import { isUtf8 } from 'node:buffer'
import type { FrameEvent, MessageEvent } from '../events.ts'
import { Opcode } from '../events.ts'
import { names } from '../language/en/names.ts'
import { shortNumber } from './amount.ts'
import { escapeBytes, escapeText, escapeUtf8 } from './escape.ts'

/** A fragment's place in its message. */
export interface Part {
  /** Opcode of the message; undefined where its first frame is unknown. */
  readonly opcode: number | undefined
  /** 1 for the first frame. */
  readonly number: number
  readonly compressed: boolean
}

/** The payload of a frame. A compressed one says so only: its message holds the text. */
export function frameCell(frame: FrameEvent, part: Part | undefined, columns: number): string {
  const notes: string[] = []
  const whole = frame.fin && part?.number === 1
  if (part !== undefined && !whole) notes.push(`part ${part.number}${frame.fin ? ', end' : ''}`)
  if (frame.capturedLength < frame.payloadLength)
    notes.push(`${frame.capturedLength} of ${shortNumber(frame.payloadLength, 8)} bytes`)
  if (part?.compressed === true) notes.push('compressed')
  const note = notes.length === 0 ? '' : `(${notes.join(', ')}) `
  if (part?.compressed === true) return escapeText(note.trimEnd(), columns)
  return withNote(note, columns, (room) => contentOf(frame, part, room))
}

/** The content of a message, inflated. */
export function messageCell(message: MessageEvent, columns: number): string {
  const { data, incomplete, frames, withoutContext, opcode } = message
  const notes: string[] = []
  if (frames.length > 1) notes.push(`${frames.length} parts`)
  if (incomplete) notes.push(data === undefined ? 'incomplete, nothing sure' : 'incomplete')
  if (withoutContext) notes.push('needs no lost window')
  return withNote(notes.length === 0 ? '' : `(${notes.join(', ')}) `, columns, (room) => {
    if (data === undefined) return ''
    return opcode === Opcode.text ? escapeUtf8(data, room) : escapeBytes(data, room)
  })
}

function withNote(note: string, columns: number, content: (room: number) => string): string {
  const room = columns - note.length
  return room < 1 ? escapeText(note.trimEnd(), columns) : note + content(room)
}

function contentOf(frame: FrameEvent, part: Part | undefined, columns: number): string {
  const { payload, close, opcode } = frame
  if (close !== undefined) {
    const reason = close.reason === '' ? '' : ` "${close.reason.slice(0, payload.length)}"`
    const name = names.closeCode(close.code)
    return escapeText(`${close.code}${name === '' ? '' : ` ${name}`}${reason}`, columns)
  }
  if (part?.opcode === Opcode.text) return escapeUtf8(payload, columns)
  if (part?.opcode === Opcode.binary) return escapeBytes(payload, columns)
  const isReadable = opcode <= Opcode.pong && readable(payload)
  return isReadable ? escapeUtf8(payload, columns) : escapeBytes(payload, columns)
}

/** Pings, pongs and continuations of unknown messages hold anything: text only where it can be nothing else. */
function readable(payload: Uint8Array): boolean {
  return payload.length <= 1024 && isUtf8(payload) && !payload.some((byte) => byte < 0x20 || byte === 0x7f)
}
