// What a page holds that `framewalk report` wrote.
import { inflateRawSync } from 'node:zlib'
import type { IndexEntry, ReportConnection, ReportData } from '../../../src/report/page-data.ts'

/** What a page has embedded, inflated, by its name. */
export function embedded(page: string): Map<string, Buffer> {
  const blocks = page.matchAll(/<script type="application\/octet-stream" id="([^"]+)">([^<]*)<\/script>/g)
  return new Map([...blocks].map(([, name, text]) => [name!, inflateRawSync(Buffer.from(text!, 'base64'))]))
}

/** The data of a report. */
export function dataOf(page: string): ReportData {
  return JSON.parse(embedded(page).get('data')!.toString())
}

/** The entries of a report's index, of one kind. */
export function entriesOf<Kind extends IndexEntry['kind']>(
  page: string,
  kind: Kind,
): Extract<IndexEntry, { kind: Kind }>[] {
  const blocks = embedded(page)
  const entries = Array.from({ length: dataOf(page).indexBlocks }, (_, i) =>
    JSON.parse(blocks.get(`index-${i}`)!.toString()),
  ).flat() as IndexEntry[]
  return entries.filter((entry): entry is Extract<IndexEntry, { kind: Kind }> => entry.kind === kind)
}

/** The connections of a report. */
export function connectionsOf(page: string): ReportConnection[] {
  const totals = new Map(entriesOf(page, 'closed').map((entry) => [entry.connection, entry.totals]))
  return entriesOf(page, 'opened').map(({ connection }) => ({
    ...connection,
    ...totals.get(connection.connection)!,
  }))
}

/** A column of a report's frames. */
export function frameColumn(page: string, wanted: string): number[] {
  const { rows, rowsPerBlock, columns } = dataOf(page).frames
  const blocks = embedded(page)
  const values: number[] = []
  for (let first = 0; first < rows; first += rowsPerBlock) {
    const bytes = Uint8Array.from(blocks.get(`frames-${first / rowsPerBlock}`)!)
    const count = Math.min(rowsPerBlock, rows - first)
    let at = 0
    for (const [name, type] of columns) {
      const ColumnArray = { uint8: Uint8Array, uint32: Uint32Array, float64: Float64Array }[type]
      at = Math.ceil(at / 8) * 8
      const column = new ColumnArray(bytes.buffer, at, count)
      if (name === wanted) values.push(...column)
      at += column.byteLength
    }
  }
  return values
}
