// What JSON.stringify makes of bytes: `{"type":"Buffer","data":[129,5]}` of a Buffer, `{"0":129,"1":5}` of a Uint8Array.
import { readList } from './numbers.ts'
import { placeOf, type Reading, shorten, whole } from './reading.ts'

const BUFFER = /^\s*\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*\[/
const TYPED_ARRAY = /^\s*\{\s*"0"\s*:/
const ENTRY = /\s*"(\d+)"\s*:\s*(\d+)\s*([,}])/y

/** Reads either. */
export function readJson(text: string): Reading | undefined {
  const buffer = BUFFER.exec(text)
  if (buffer !== null) return readBuffer(text, buffer[0].length)
  return TYPED_ARRAY.test(text) ? readTypedArray(text) : undefined
}

function readBuffer(text: string, start: number): Reading {
  const end = text.indexOf(']', start)
  if (end < 0) return { fault: { what: 'unclosed', at: placeOf(text, start - 1), opened: '[' } }
  const after = text.slice(end + 1)
  if (!/^\s*\}\s*$/.test(after))
    return { fault: { what: 'element', at: placeOf(text, end + 1), found: shorten(after.trim()) } }
  return readList(text, start, end)
}

function readTypedArray(text: string): Reading {
  const bytes: number[] = []
  let at = text.indexOf('{') + 1
  for (;;) {
    ENTRY.lastIndex = at
    const entry = ENTRY.exec(text)
    const value = Number(entry?.[2])
    if (entry === null || Number(entry[1]) !== bytes.length)
      return { fault: { what: 'element', at: placeOf(text, at), found: shorten(text.slice(at).trim()) } }
    if (value > 255) {
      const number = shorten(entry[2]!)
      return { fault: { what: 'range', at: placeOf(text, at), number, least: 0, most: 255 } }
    }
    bytes.push(value)
    at = ENTRY.lastIndex
    if (entry[3] === '}') break
  }
  const after = text.slice(at).trim()
  if (after !== '') return { fault: { what: 'element', at: placeOf(text, at), found: shorten(after) } }
  return whole(bytes)
}
