// What must hold of the file of a page, whatever the capture: captured bytes are only in its blocks, and the blocks say what they should.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import type { PageData, ReportData } from '../../../src/report/page-data.ts'

const TEMPLATE = join(resolve(import.meta.dirname, '../../..'), 'dist/page.html')
const BLOCK = /<script type="application\/octet-stream" id="([\w-]+)">([A-Za-z0-9+/=]*)<\/script>\n?/g
const COLUMN_BYTES = { uint8: 1, uint32: 4, float64: 8 } as const

/** A page, read back. */
export interface ReadPage {
  readonly data: PageData
  /** By their names, inflated. */
  readonly blocks: ReadonlyMap<string, Uint8Array>
}

/** Throws if the page holds anything but the template and blocks, or if a block is not what it should be. */
export function readPageFile(page: string): ReadPage {
  const blocks = new Map<string, Uint8Array>()
  const rest = page.replace(BLOCK, (_, name: string, base64: string) => {
    if (blocks.has(name)) throw new Error(`two blocks ${name}`)
    blocks.set(name, inflateRawSync(Buffer.from(base64, 'base64')))
    return ''
  })
  if (rest !== readFileSync(TEMPLATE, 'utf8').replace(BLOCK, ''))
    throw new Error('the page holds more than the template and blocks')
  const json = blocks.get('data')
  if (json === undefined) throw new Error('the page has no data')
  return { data: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)), blocks }
}

/** Throws also if the columns have other lengths than the data says, or if a frame is neither in the report nor counted as left out. */
export function readReportFile(page: string): ReportData {
  const { data, blocks } = readPageFile(page)
  if (data.kind !== 'report') throw new Error(`a report of the kind ${data.kind}`)
  for (const [name, bytes] of blocks)
    if (name.startsWith('index')) JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  for (const kind of ['frames', 'messages'] as const) {
    const { rows, columns } = data[kind]
    const own = [...blocks].filter(([name]) => name === kind || new RegExp(`^${kind}-\\d+$`).test(name))
    const length = own.reduce((sum, [, bytes]) => sum + bytes.length, 0)
    const least = rows * columns.reduce((sum, [, type]) => sum + COLUMN_BYTES[type], 0)
    // Each column of each block starts at a multiple of 8 bytes.
    const padding = 7 * columns.length * own.length
    if (length < least || length > least + padding)
      throw new Error(`${rows} rows of ${kind} have ${least} bytes, and the page has ${length}`)
  }
  const { frames, summary, leftOut } = data
  if (frames.rows + leftOut.frames !== summary.frames)
    throw new Error(`${frames.rows} frames, ${leftOut.frames} left out, of ${summary.frames}`)
  return data
}
