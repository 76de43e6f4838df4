// A frame's payload step by step: unmasked byte by byte, inflated, read as text.
import Table from 'cli-table3'
import { toHex } from '../bytes.ts'
import type { FrameEvent, MessageEvent } from '../events.ts'
import { Opcode } from '../events.ts'
import { escapeText } from './escape.ts'

/** Bytes of a longer text or dump that are shown. */
const SHOWN_BYTES = 64
/** What RFC 7692 §7.2.2 has the receiver append. */
const TAIL = '00 00 ff ff'

/** RFC 6455 §5.3: `transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)`, one row a byte. */
export function maskingTable(frame: FrameEvent, masked: Uint8Array, rows: number): string[] {
  const table = new Table({
    head: ['i', 'masked byte', 'key byte (i mod 4)', 'XOR', 'result', 'character'],
    style: { head: [], border: [], compact: true },
    colAligns: ['right', 'left', 'left', 'left', 'left', 'left'],
  })
  const shown = Math.min(masked.length, rows)
  const characters = charactersOf(frame.payload, shown, frame.rsv1)
  for (let i = 0; i < shown; i++) {
    const key = (frame.maskingKey! >>> (24 - (i % 4) * 8)) & 0xff
    const result = frame.payload[i]!
    table.push([
      String(i),
      `${byteHex(masked[i]!)} = ${binary(masked[i]!)}`,
      `${byteHex(key)} = ${binary(key)} (${i % 4})`,
      binary(result),
      byteHex(result),
      characters[i]!,
    ])
  }
  const lines = table.toString().split('\n')
  if (masked.length > shown)
    lines.push(
      `… and ${masked.length - shown} more bytes, in the same way (--rows ${masked.length} shows them all)`,
    )
  return lines
}

/** The inflate step of a compressed message (RFC 7692 §7.2.2). `message` is the one that this frame completes. */
export function inflateStep(frame: FrameEvent, message: MessageEvent | undefined): string[] {
  if (message === undefined) {
    return [
      'This fragment is a part of a compressed message; it is inflated once the last fragment (FIN = 1) is there.',
    ]
  }
  const single = message.frames.length === 1
  const compressed = single ? frame.payload : undefined
  const lines = [
    single
      ? `  compressed   ${hexShort(frame.payload)}`
      : `  compressed   the payloads of frames ${listed(message.frames)} behind one another, ${message.wireLength} bytes`,
  ]
  if (!message.incomplete) {
    lines.push(
      `  appended     ${TAIL}   (the sender cut these off the end of its deflate block; the receiver puts them back)`,
    )
  }
  if (message.data !== undefined) {
    lines.push(`  inflated     ${hexShort(message.data)}`)
  } else {
    lines.push('  inflated     nothing that is sure')
  }
  if (message.incomplete)
    lines.push('  The message is not complete; this is what could be inflated of it, before any doubt.')
  if (compressed !== undefined && !message.incomplete) {
    lines.push(
      `  ${compressed.length} bytes on the wire stand for ${message.length}: ${ratio(compressed.length, message.length)}.`,
    )
  }
  return lines
}

/** What the frame or the message that it completes says, in at most `columns` columns a line. */
export function meaning(frame: FrameEvent, message: MessageEvent | undefined, columns: number): string[] {
  if (frame.close !== undefined) {
    const reason =
      frame.close.reason === '' ? 'no reason given' : `reason: ${escapeText(frame.close.reason, columns)}`
    return [`close code ${frame.close.code}, ${reason}`]
  }
  if (frame.opcode >= 8) {
    return [frame.payload.length === 0 ? 'no payload' : `payload ${hexShort(frame.payload)}`]
  }
  if (message === undefined) return ['A fragment: the message goes on in a later frame of this side.']
  if (message.data === undefined)
    return [message.length === 0 && !message.incomplete ? '(empty)' : '(nothing that is sure)']
  if (message.opcode === Opcode.text) {
    const text = new TextDecoder().decode(message.data.subarray(0, SHOWN_BYTES * 64))
    return [text === '' ? '(empty)' : escapeText(text, columns * 4)]
  }
  return [`${message.length} ${plural('byte', message.length)} of binary data: ${hexShort(message.data)}`]
}

function charactersOf(payload: Uint8Array, shown: number, compressed: boolean): string[] {
  const characters: string[] = []
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (let at = 0; at < shown; ) {
    const first = payload[at]!
    const length =
      compressed || first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
    let character = '·'
    if (!compressed) {
      try {
        character = escapeText(decoder.decode(payload.subarray(at, at + length)))
      } catch {
        character = '·'
      }
    }
    characters.push(length > 1 && character !== '·' ? `${character} (${length} bytes)` : character)
    for (let i = 1; i < length; i++) characters.push(character === '·' ? '·' : '″')
    at += length
  }
  return characters
}

function hexShort(bytes: Uint8Array): string {
  const hex = toHex(bytes, ' ', 0, Math.min(bytes.length, SHOWN_BYTES / 2))
  return bytes.length > SHOWN_BYTES / 2 ? `${hex} … (${bytes.length} bytes)` : hex
}

function byteHex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/** Eight digits, in two groups as a hex digit each. */
export function binary(byte: number): string {
  const digits = byte.toString(2).padStart(8, '0')
  return `${digits.slice(0, 4)} ${digits.slice(4)}`
}

function ratio(wire: number, inflated: number): string {
  if (inflated === 0) return 'an empty message'
  return wire > inflated
    ? 'a short text gains nothing from compression'
    : `${Math.round((wire / inflated) * 100)} % of the size`
}

/** Frames named one by one; of a message of more, the first and the last. */
const MOST_NAMED = 16

function listed(frames: readonly number[]): string {
  if (frames.length <= MOST_NAMED) return frames.join(', ')
  return `${frames.slice(0, MOST_NAMED - 1).join(', ')}, … ${frames.at(-1)}`
}

function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`
}
