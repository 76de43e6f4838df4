// The figure of RFC 6455 §5.2 with the bits of one frame. Its fields and bytes go in, lines of 67 columns come out.
import type { Catalogue } from '../../language/catalogue.ts'
import type { FrameField } from '../../websocket/fields.ts'
import { displayWidth } from '../text/width.ts'

const ROW_BITS = 32
/** How many rows of payload are drawn. */
const PAYLOAD_ROWS = 2
const MARGIN = ' '

const TENS =
  ` ${Array.from({ length: ROW_BITS }, (_, bit) => (bit % 10 === 0 ? bit / 10 : ' ')).join(' ')}`.trimEnd()
const ONES = ` ${Array.from({ length: ROW_BITS }, (_, bit) => bit % 10).join(' ')}`

interface Cell {
  readonly name: string
  /** Columns of bits within the row. */
  readonly first: number
  readonly bits: number
}

/** The diagram of a frame. `bytes`: its header and the start of its payload, as on the wire. */
export function bitDiagram(fields: readonly FrameField[], bytes: Uint8Array, words: Catalogue): string[] {
  const header = fields.filter((field) => field.name !== 'Payload data')
  const headerBits = Math.max(...header.map((field) => field.firstBit + field.bits))
  const payload = fields.find((field) => field.name === 'Payload data')
  const drawnBits = Math.min(bytes.length * 8, (Math.ceil(headerBits / ROW_BITS) + PAYLOAD_ROWS) * ROW_BITS)
  const drawn =
    payload === undefined
      ? header
      : [...header, { ...payload, bits: Math.max(0, drawnBits - payload.firstBit) }]

  const rows: Cell[][] = []
  for (let start = 0; start < drawnBits; start += ROW_BITS) {
    rows.push(drawn.flatMap((field) => cellOf(field, start, words)))
  }
  const lines = [TENS, ONES]
  let above: readonly Cell[] = []
  for (const [i, row] of rows.entries()) {
    lines.push(border(above, row), ...names(row), bitsLine(row, bytes, i * ROW_BITS))
    above = row
  }
  lines.push(border(above, []))
  return lines.map((line) => MARGIN + line)
}

function cellOf(field: FrameField, start: number, words: Catalogue): Cell[] {
  const first = Math.max(field.firstBit, start)
  const end = Math.min(field.firstBit + field.bits, start + ROW_BITS)
  if (first >= end) return []
  const bits = end - first
  const whole = words.fields.names[field.name]
  const isContinued = field.firstBit < start
  const names = isContinued
    ? [words.walk.continued(whole), words.walk.continuedShort]
    : [whole, ...(field.name === 'Payload length' ? [words.walk.payloadLengthShort] : [])]
  const name = names.find((candidate) => bits === 1 || displayWidth(candidate) < bits * 2) ?? ''
  return [{ name, first: first - start, bits }]
}

/** A `+` wherever a cell of the row above or below begins or ends. */
function border(above: readonly Cell[], below: readonly Cell[]): string {
  const end = Math.max(...[...above, ...below].map((cell) => cell.first + cell.bits))
  const corners = new Set([...above, ...below].flatMap((cell) => [cell.first, cell.first + cell.bits]))
  let line = ''
  for (let bit = 0; bit <= end; bit++) line += (corners.has(bit) ? '+' : '-') + (bit < end ? '-' : '')
  return line
}

/** Names of one-bit cells run downwards, as in the RFC. */
function names(row: readonly Cell[]): string[] {
  const height = Math.max(...row.map((cell) => (cell.bits === 1 ? cell.name.length : 1)))
  return Array.from({ length: height }, (_, line) => {
    const cells = row.map(({ name, bits }) => {
      if (bits === 1) return name[line] ?? ' '
      return centre(line === 0 ? name : line === 1 && height > 1 ? `(${bits})` : '', bits * 2 - 1)
    })
    return `|${cells.join('|')}|`
  })
}

function bitsLine(row: readonly Cell[], bytes: Uint8Array, start: number): string {
  const cells = row.map(({ first, bits }) =>
    Array.from({ length: bits }, (_, i) => bitAt(bytes, start + first + i)).join(' '),
  )
  return `|${cells.join('|')}|`
}

function bitAt(bytes: Uint8Array, bit: number): number {
  return ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1
}

function centre(text: string, columns: number): string {
  const room = columns - displayWidth(text)
  const left = room >> 1
  return ' '.repeat(left) + text + ' '.repeat(room - left)
}
