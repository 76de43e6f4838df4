// A frame's payload step by step: unmasked byte by byte, inflated, read as text.
import Table from 'cli-table3'
import { toHex } from '../../base/bytes.ts'
import type { FrameEvent, MessageEvent } from '../../base/events.ts'
import { Opcode } from '../../base/events.ts'
import type { Catalogue } from '../../language/catalogue.ts'
import { escapeText } from '../text/escape.ts'
import { displayWidth } from '../text/width.ts'
import { hang } from '../text/wrap.ts'

/** How many bytes of a long text or dump are shown. */
const SHOWN_BYTES = 64
/**
 * Most columns of a character in the masking table, with the number of its bytes. With more, the table would not fit 80 columns.
 */
const WIDEST_CHARACTER = 13
/** What RFC 7692 §7.2.2 has the receiver append. */
const TAIL = '00 00 ff ff'

/** RFC 6455 §5.3: `transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)`, one row a byte. */
export function maskingTable(
  frame: FrameEvent,
  masked: Uint8Array,
  rows: number,
  { walk }: Catalogue,
): string[] {
  const heads = walk.maskingTable
  const table = new Table({
    head: [heads.index, heads.masked, heads.key, heads.xor, heads.result, heads.character],
    style: { head: [], border: [], compact: true },
    colAligns: ['right', 'left', 'left', 'left', 'left', 'left'],
  })
  const shown = Math.min(masked.length, rows)
  const characters = charactersOf(frame.payload, shown, frame.rsv1 || frame.part?.compressed === true, walk)
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
  if (masked.length > shown) lines.push(walk.moreRows(masked.length - shown, masked.length))
  return lines
}

/** The inflate step of a compressed message (RFC 7692 §7.2.2), in at most `columns` columns. This frame completes `message`. */
export function inflateStep(
  frame: FrameEvent,
  message: MessageEvent | undefined,
  { walk }: Catalogue,
  columns: number,
): string[] {
  if (message === undefined) return hang('', walk.inflatedLater, columns)
  const labels = walk.inflateStep
  const labelWidth = Math.max(...Object.values(labels).map(displayWidth))
  const row = (label: string, text: string): string[] =>
    hang(`  ${label}${' '.repeat(labelWidth - displayWidth(label))}   `, text, columns)
  const single = message.frames.length === 1
  const compressed = single
    ? hexShort(frame.payload, walk)
    : walk.joinedPayloads(listed(message.frames, walk.comma), message.wireLength)
  const lines = row(labels.compressed, compressed)
  if (!message.incomplete) lines.push(...row(labels.appended, walk.tail(TAIL)))
  const inflated = message.data === undefined ? walk.nothingSure : hexShort(message.data, walk)
  lines.push(...row(labels.inflated, inflated))
  if (message.incomplete) lines.push(...hang('  ', walk.incomplete, columns))
  else if (single) lines.push(...hang('  ', walk.ratio(frame.payload.length, message.length), columns))
  return lines
}

/** What the frame says, or the message that it completes. The caller breaks the text into lines of `columns` columns. */
export function meaning(
  frame: FrameEvent,
  message: MessageEvent | undefined,
  { walk }: Catalogue,
  columns: number,
): string {
  if (frame.close !== undefined) return walk.close(frame.close.code, escapeText(frame.close.reason, columns))
  if (frame.opcode > Opcode.binary || (message === undefined && frame.fin)) {
    return frame.payload.length === 0 ? walk.noPayload : walk.payload(hexShort(frame.payload, walk))
  }
  if (message === undefined) return walk.fragment
  if (message.data === undefined)
    return message.length === 0 && !message.incomplete ? walk.empty : walk.noText
  if (message.opcode === Opcode.text) {
    const text = new TextDecoder().decode(message.data.subarray(0, SHOWN_BYTES * 64))
    return text === '' ? walk.empty : escapeText(text, columns * 4)
  }
  return walk.binary(message.length, hexShort(message.data, walk))
}

function charactersOf(
  payload: Uint8Array,
  shown: number,
  compressed: boolean,
  walk: Catalogue['walk'],
): string[] {
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
    const counted = length > 1 && character !== '·' ? walk.characterBytes(character, length) : character
    characters.push(displayWidth(counted) > WIDEST_CHARACTER ? character : counted)
    for (let i = 1; i < length; i++) characters.push(character === '·' ? '·' : '″')
    at += length
  }
  return characters
}

function hexShort(bytes: Uint8Array, walk: Catalogue['walk']): string {
  const hex = toHex(bytes, ' ', 0, Math.min(bytes.length, SHOWN_BYTES / 2))
  return bytes.length > SHOWN_BYTES / 2 ? walk.hexBytes(hex, bytes.length) : hex
}

function byteHex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/** Eight digits, in two groups as a hex digit each. */
export function binary(byte: number): string {
  const digits = byte.toString(2).padStart(8, '0')
  return `${digits.slice(0, 4)} ${digits.slice(4)}`
}

/** Most frames that are named one by one. Of more, the first ones and the last are named. */
const MOST_NAMED = 16

function listed(frames: readonly number[], comma: string): string {
  if (frames.length <= MOST_NAMED) return frames.join(comma)
  return `${frames.slice(0, MOST_NAMED - 1).join(comma)}${comma}… ${frames.at(-1)}`
}
