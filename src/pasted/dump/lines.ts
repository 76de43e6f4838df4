// The lines of a dump: rows that start with their offset, `*` for rows that are repeated, the last line with the length alone, and
// headings.

/** A row of a dump. */
export interface Row {
  readonly kind: 'row'
  /** Of the line, from 1. */
  readonly line: number
  /** Spaces before the offset. Wireshark's "Follow" indents what the server sent, and counts it by itself. */
  readonly indent: number
  readonly offset: string
  readonly hasColon: boolean
  /** After the offset, with the spaces before the first digit. */
  readonly body: string
}

export type Line =
  | Row
  | { readonly kind: 'repeat'; readonly line: number }
  /** The offset after the last byte. */
  | { readonly kind: 'end'; readonly line: number; readonly indent: number; readonly offset: string }
  /** Something else. `isHeading`: it says something, and has no bytes. */
  | {
      readonly kind: 'other'
      readonly line: number
      readonly isHeading: boolean
      /** tshark -x dumps a packet, `Frame (77 bytes):`, and then what it made of it: `Unmasked data (11 bytes):`. */
      readonly section: 'frame' | 'derived' | undefined
    }

const ROW = /^([ \t]*)(?:0x)?([0-9a-f]{4,16})(:?)(?=([ \t]*))(.*)$/i
const ALL_ZERO = /^0+$/
/** What tcpdump says at its end. */
const TALLY = /^\d+ packets? (?:captured|received by filter|dropped by kernel)$/
const SECTION = /^(\S.{0,200}) \(\d+ bytes?\):$/
/** Headings that may come before the first row. */
const MOST_HEADINGS = 100

/** The lines of a dump. Undefined if the text is not one: no row says with its form that it starts with an offset. */
export function dumpLines(text: string): Line[] | undefined {
  const lines: Line[] = []
  let isSure = false
  for (const [i, raw] of text.split('\n').entries()) {
    const line = i + 1
    const content = raw.trimEnd()
    if (content === '' || TALLY.test(content)) continue
    const match = ROW.exec(content)
    if (content.trim() === '*') lines.push({ kind: 'repeat', line })
    else if (match === null) {
      // A first line without a word is no heading, but digits of another form.
      const isTold = isHeading(content)
      if (!isSure && (lines.length >= MOST_HEADINGS || !isTold)) return undefined
      const name = SECTION.exec(content)?.[1]
      const section = name === undefined ? undefined : name === 'Frame' ? 'frame' : 'derived'
      lines.push({ kind: 'other', line, isHeading: isTold, section })
    } else {
      const [, indent, offset, colon, gap, rest] = match
      if (rest === '' && colon === '') {
        if (!isSure) return undefined
        lines.push({ kind: 'end', line, indent: indent!.length, offset: offset! })
        continue
      }
      if (!isSure && !startsDump(offset!, colon!, gap!, rest!)) return undefined
      isSure = true
      const hasColon = colon === ':'
      lines.push({ kind: 'row', line, indent: indent!.length, offset: offset!, hasColon, body: rest! })
    }
  }
  return isSure ? lines : undefined
}

/** True if `offset` can only be one: a colon and a space follow it, or it is zero and stands apart from the digits after it. */
function startsDump(offset: string, colon: string, gap: string, rest: string): boolean {
  if (colon === ':') return gap.length > 0 || ALL_ZERO.test(offset)
  if (!ALL_ZERO.test(offset) || gap === '') return false
  if (gap.length >= 2 || gap === '\t' || offset.length === 7) return true
  // od -A x has six digits.
  return offset.length === 6 && /^ (?:[0-9a-f]{2}|[0-9a-f]{4})(?: |$)/i.test(rest)
}

/** True for a line that says something: tcpdump's summary of a packet, tshark's `Frame (77 bytes):`, a shell's prompt. */
function isHeading(content: string): boolean {
  return /(?:^|[^\w\\])[a-z]*[g-wyz][a-z]*/i.test(content.slice(0, 400)) && !/\\x|["'`]|0x/.test(content)
}
