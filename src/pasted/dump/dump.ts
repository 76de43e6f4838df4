// Dumps: of Wireshark, tcpdump, xxd, hexdump, od and browsers. Each row starts with its offset, which must fit the bytes before it.
import { areEqual, concat } from '../../base/bytes.ts'
import type { PastedFault, PastedNote, Reading } from '../reading.ts'
import { splitColumn } from './column.ts'
import { type DigitForm, type RowReading, readHexRow } from './hex-rows.ts'
import { dumpLines, type Line, type Row } from './lines.ts'
import { RowParts } from './row-parts.ts'
import { isOdRow, readWordRow, unitOf } from './word-rows.ts'

type RowReader = (row: Row, width: number | undefined, isLast: boolean) => RowReading

interface Attempt {
  /** Of the offsets. */
  readonly radix: number
  readonly read: RowReader
  /** Bytes of a word, of which the last one may be filled up. */
  readonly wordSize?: number
  /** True if only a column of characters in each row proves that the bytes are these. */
  readonly needsColumns?: boolean
  /** Other attempts, which must not succeed with other bytes. */
  readonly rivals?: readonly Attempt[]
  readonly note?: (hasColumns: boolean) => PastedNote
}

interface DumpReading {
  readonly parts: readonly Uint8Array[]
  readonly notes: readonly PastedNote[]
}

/** Reads a dump, or several ones after another: each starts at offset 0. */
export function readDump(text: string): Reading | undefined {
  const lines = dumpLines(text)
  const rows = lines?.filter((line) => line.kind === 'row') ?? []
  const first = rows[0]
  if (lines === undefined || first === undefined) return undefined
  const attempts = isOdRow(first) ? odAttempts(rows) : hexAttempts(first)
  if ('what' in attempts) return { fault: attempts }
  let worst: { fault: PastedFault; line: number } | undefined
  for (const attempt of attempts) {
    const result = tryReading(lines, attempt)
    if ('parts' in result) return certain(lines, attempt, result, first)
    // The reading that came the furthest says best what is wrong.
    if (worst === undefined || result.line > worst.line) worst = result
  }
  return { fault: worst!.fault }
}

/** The reading, if no other one has the same right. */
function certain(lines: readonly Line[], attempt: Attempt, result: DumpReading, first: Row): Reading {
  const rival = attempt.rivals?.find((other) => {
    const reading = tryReading(lines, other)
    return 'parts' in reading && !areEqual(concat(reading.parts), concat(result.parts))
  })
  if (rival === undefined) return result
  const repeat = lines.find(({ kind }) => kind === 'repeat')
  if (repeat !== undefined && rival.radix !== attempt.radix)
    return { fault: { what: 'repeat-radix', line: repeat.line } }
  // Words are read as those of nearly all machines, with od's own offsets, and a note says that it is not sure.
  if (attempt.wordSize !== undefined) return { ...result, notes: [attempt.note!(false)] }
  return { fault: { what: 'unit', line: first.line } }
}

function hexAttempts({ hasColon, offset, body }: Row): Attempt[] {
  const isBits = /^\s*[01]{8}(?:\s|$)/.test(body)
  // Only xxd -e aligns a short group to the right.
  const isRight = hasColon && body.startsWith('   ')
  const forms: DigitForm[] = isBits
    ? ['bits', 'hex', 'reversed']
    : isRight
      ? ['reversed']
      : ['hex', 'reversed']
  const isWide = hasColon && /^ [0-9a-f]{8,}(?: |$)/i.test(body)
  // xxd -d counts in decimal.
  const radices = hasColon && offset.length === 8 ? [16, 10] : [16]
  const bits = (/[0-9a-f]+/i.exec(body)?.[0].length ?? 0) * 4
  return forms.flatMap((form) =>
    radices.map((radix): Attempt => {
      const read: RowReader = (row, width) => readHexRow(row, form, width)
      if (form === 'bits') return { radix, read, needsColumns: true }
      const note = (): PastedNote => ({ what: 'words', bits, order: 'little-endian', isProved: true })
      const readReversed: RowReader = (row, width) => readHexRow(row, 'reversed', width)
      const reversed: Attempt = { radix, read: readReversed, needsColumns: true, note }
      if (form === 'reversed') return reversed
      // xxd -g4 prints the same as xxd -e if all characters are dots.
      return isWide ? { radix, read, rivals: [reversed] } : { radix, read }
    }),
  )
}

function odAttempts(rows: readonly Row[]): Attempt[] | PastedFault {
  const unit = unitOf(rows)
  if ('what' in unit) return unit
  const { size } = unit
  // Only od puts characters between angles.
  const printer = splitColumn(rows[0]!.body).column === undefined ? unit.printer : 'od'
  // od counts in octal, with -A d in decimal; hexdump in hex.
  const byPrinter = printer === 'od' ? [8, 10] : printer === 'hexdump' ? [16] : [16, 8, 10]
  const radices = rows[0]!.offset.length === 7 ? byPrinter : [16]
  // Nearly all machines have the last byte first.
  const orders = size === 1 ? (['big-endian'] as const) : (['little-endian', 'big-endian'] as const)
  const attempts = orders.flatMap((order) =>
    radices.map((radix): Attempt => {
      const isReversed = order === 'little-endian'
      const read: RowReader = (row, _width, isLast) => readWordRow(row, unit, isReversed, isLast)
      if (size === 1) return { radix, read }
      const note = (isProved: boolean): PastedNote => ({ what: 'words', bits: 8 * size, order, isProved })
      return { radix, read, wordSize: size, needsColumns: !isReversed, note }
    }),
  )
  return attempts.map((attempt, i) => ({ ...attempt, rivals: attempts.slice(i + 1) }))
}

function tryReading(
  lines: readonly Line[],
  { radix, read, wordSize = 1, needsColumns = false, note }: Attempt,
): DumpReading | { fault: PastedFault; line: number } {
  const parts = new RowParts(radix, wordSize)
  let hasColumns = true
  let line = 0
  for (const [i, current] of lines.entries()) {
    line = current.line
    let fault: PastedFault | undefined
    if (current.kind === 'row') {
      const next = lines[i + 1]
      fault = parts.place(current)
      if (fault === undefined) {
        const row = read(current, widthOf(current, next, radix), next === undefined || next.kind !== 'row')
        if ('fault' in row) fault = row.fault
        else {
          parts.take(row.bytes)
          hasColumns &&= row.hasColumn
        }
      }
    } else fault = parts.otherLine(current)
    if (fault !== undefined) return { fault, line }
    if (needsColumns && !hasColumns) return { fault: { what: 'row', line }, line: 0 }
  }
  const fault = parts.finish(hasColumns)
  if (fault !== undefined) return { fault, line }
  const notes = note === undefined ? [] : [note(hasColumns)]
  const { derived } = parts
  return {
    parts: parts.taken(),
    notes: derived === 0 ? notes : [...notes, { what: 'derived', dumps: derived }],
  }
}

/** How many bytes a row has, by the offset after it. */
function widthOf(row: Row, next: Line | undefined, radix: number): number | undefined {
  if (next === undefined || (next.kind !== 'row' && next.kind !== 'end')) return undefined
  if (next.indent !== row.indent && next.kind === 'row') return undefined
  const width = Number.parseInt(next.offset, radix) - Number.parseInt(row.offset, radix)
  return width > 0 ? width : undefined
}
