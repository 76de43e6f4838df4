// Which window a message was compressed over, told by what it inflates to; and whether a payload is compressed at all.
import { Opcode } from '../../base/events.ts'
import type { InflatesTo } from '../../base/finding-values.ts'
import { backReferences } from '../back-references.ts'
import { inflateAlone } from '../inflate-alone.ts'
import { utf8Fault } from '../utf8.ts'

/** Marks of JSON that references into the window must bring: copied from a wrong place, so many of them spoil the text. */
const ENOUGH_MARKS = 8
const MARKS: ReadonlySet<number> = new Set([...'{}[]:,"'].map((mark) => mark.charCodeAt(0)))
/** Bytes that a payload is inflated to. */
const MOST_TRIED = 65_536
const SHOWN = 64

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Whether a message proves the window that it was inflated over. Damaged data, too, inflates over a window that is long enough: only JSON
 * shows that its bytes come from the right place. `known`: how much it may refer to by the rules.
 */
export function isProof(
  { payload, opcode }: { readonly payload: Uint8Array; readonly opcode: number },
  bytes: Uint8Array,
  known: number,
): boolean {
  if (opcode !== Opcode.text || !isPlainText(bytes) || !isJson(bytes)) return false
  let marks = 0
  const { unused } = backReferences(payload, known, bytes.length, (start, end) => {
    for (let at = start; at < end; at++) if (MARKS.has(bytes[at]!)) marks++
  })
  return marks >= ENOUGH_MARKS && unused === 0
}

/** Whether the bytes are UTF-8 without control characters but for those of lines and columns. */
export function isPlainText(bytes: Uint8Array): boolean {
  return utf8Fault(bytes) === undefined && !bytes.some(isControl)
}

function isJson(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x7b && bytes[0] !== 0x5b) return false
  try {
    JSON.parse(decoder.decode(bytes))
    return true
  } catch {
    return false
  }
}

/** What a payload inflates to over an empty window, if that leaves no doubt that it is compressed. */
export function inflatesTo(payload: Uint8Array, opcode: number): InflatesTo | undefined {
  const { bytes, status } = inflateAlone(payload, payload.subarray(0, 0), 15, MOST_TRIED)
  if (status !== 'done' && status !== 'limit') return undefined
  const length = status === 'done' ? bytes.length : null
  if (opcode !== Opcode.text)
    return payload.length >= FEWEST_BYTES && bytes.length > payload.length
      ? { length, text: null }
      : undefined
  const fault = utf8Fault(bytes)
  const isText = fault === undefined || (length === null && fault.offset === bytes.length)
  if (!isText || bytes.length < FEWEST_CHARACTERS || bytes.some(isControl)) return undefined
  return { length, text: decoder.decode(bytes.subarray(0, wholeCharacters(bytes))) }
}

/** Bytes of a binary payload, and of a text, that do not inflate to more by chance. */
const FEWEST_BYTES = 16
const FEWEST_CHARACTERS = 4

function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d
}

/** How many of the first 64 bytes are whole characters. */
function wholeCharacters(bytes: Uint8Array): number {
  return utf8Fault(bytes.subarray(0, SHOWN))?.validLength ?? Math.min(bytes.length, SHOWN)
}
