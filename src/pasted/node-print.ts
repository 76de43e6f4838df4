// What Node prints of a Buffer or an ArrayBuffer: `<Buffer 81 05 …>`, `ArrayBuffer { [Uint8Contents]: <81 05>, byteLength: 2 }`
// (`[byteLength]` since Node 24).
import { placeOf, type Reading, shorten, whole } from './reading.ts'

const OPENING = /<(?:Buffer|SlowBuffer)\b|\[Uint8Contents\]:\s*</g
/** What may stand between: other programs' brackets, and what Node prints of the views on an ArrayBuffer. */
const BETWEEN =
  /^(?:[\s,;[\]{}()]|\b(?:ArrayBuffer|SharedArrayBuffer|DataView|buffer:|(?:byteOffset|byteLength)\]?:\s*\d+))*$/

/** Reads one or several of them, one after another. */
export function readNodePrint(text: string): Reading | undefined {
  const bytes: number[] = []
  let at = 0
  let found = 0
  for (const match of text.matchAll(OPENING)) {
    const start = match.index + match[0].length
    const end = text.indexOf('>', start)
    const wrong = foreign(text, at, match.index)
    if (wrong !== undefined) return found === 0 ? undefined : wrong
    if (end < 0) return { fault: { what: 'unclosed', at: placeOf(text, match.index), opened: match[0] } }
    for (const token of text.slice(start, end).matchAll(/\.\.\.\s+(\d+)\s+more\s+bytes?|\S+/g)) {
      const place = () => placeOf(text, start + token.index)
      if (token[1] !== undefined) return { fault: { what: 'more', at: place(), count: Number(token[1]) } }
      if (!/^[0-9a-f]{2}$/i.test(token[0]))
        return { fault: { what: 'element', at: place(), found: shorten(token[0]) } }
      bytes.push(Number.parseInt(token[0], 16))
    }
    at = end + 1
    found++
  }
  if (found === 0) return undefined
  const said = /byteLength\]?:\s*(\d+)/.exec(text.slice(at, at + 200))?.[1]
  if (found === 1 && said !== undefined && Number(said) !== bytes.length && !text.includes('DataView'))
    return { fault: { what: 'count', said: Number(said), found: bytes.length } }
  const wrong = foreign(text, at, text.length)
  if (wrong !== undefined) return wrong
  return bytes.length === 0 ? { fault: { what: 'nothing' } } : whole(bytes)
}

function foreign(text: string, start: number, end: number): Reading | undefined {
  const between = text.slice(start, end)
  if (between.length < 1000 && BETWEEN.test(between)) return undefined
  const found = shorten(between.trim())
  return { fault: { what: 'element', at: placeOf(text, start + between.search(/\S/)), found } }
}
