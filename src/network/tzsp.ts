// In: the cursor at a TZSP header: how MikroTik's routers and some sniffers send what they capture. Out: the cursor at the captured
// frame.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { linkType, Next } from './next.ts'

/** The types of a record that carry a frame: received, and to be sent. */
const RECEIVED = 0
const TO_SEND = 1

const PADDING = 0
const END = 1

/** What TZSP calls its link types, and the LINKTYPE_ value of each. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [18, 105],
  [119, 119],
  [127, 163],
])

/** Version, type, link type; then tags, each with a length but for padding and the end. */
export function readTzsp(cursor: Cursor, title: string): Next {
  const { bytes, at } = cursor
  if (!cursor.has(4, 'TZSP header')) return Next.nothing
  const type = bytes[at + 1]!
  const link = LINK_TYPES.get(uint16(bytes, at + 2))
  if (bytes[at] !== 1 || (type !== RECEIVED && type !== TO_SEND) || link === undefined)
    return cursor.skip(title)
  cursor.at += 4
  for (;;) {
    if (!cursor.has(1, 'TZSP header')) return Next.nothing
    const tag = bytes[cursor.at]!
    cursor.at += 1
    if (tag === END) return linkType(link)
    if (tag === PADDING) continue
    if (!cursor.has(1, 'TZSP header')) return Next.nothing
    const length = 1 + bytes[cursor.at]!
    if (!cursor.has(length, 'TZSP header')) return Next.nothing
    cursor.at += length
  }
}
