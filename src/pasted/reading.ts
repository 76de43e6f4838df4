// What a reader of pasted text answers: bytes with notes, or a fault with its place.

/** Where something stands in the text. Both count from 1. */
export interface Place {
  /** Undefined if the text has one line only. */
  readonly line: number | undefined
  /** In UTF-16 code units. */
  readonly column: number
}

/** Why text is not bytes, or contradicts itself. Lines count from 1. What is quoted is cut after 20 characters. */
export type PastedFault =
  | { readonly what: 'nothing' }
  /** `most`: characters, or bytes that a dump's `*` stands for. */
  | { readonly what: 'long'; readonly most: number }
  | {
      readonly what: 'character'
      readonly at: Place
      readonly character: string
      /** The digits around it; undefined if it is not among digits. */
      readonly within: string | undefined
    }
  | { readonly what: 'odd'; readonly at: Place; readonly digits: string }
  | {
      readonly what: 'range'
      readonly at: Place
      readonly number: string
      readonly least: number
      readonly most: number
    }
  /** `0xc1, 85`: C says that 85 is decimal, and people write it for 0x85. */
  | { readonly what: 'mixed'; readonly at: Place; readonly number: string }
  | { readonly what: 'element'; readonly at: Place; readonly found: string }
  | { readonly what: 'escape'; readonly at: Place; readonly escape: string }
  | { readonly what: 'unclosed'; readonly at: Place; readonly opened: string }
  /** A byte string that spells the digits of other bytes. */
  | { readonly what: 'spelled'; readonly as: 'hex' | 'base64' }
  | { readonly what: 'count'; readonly said: number; readonly found: number }
  /** The program that printed the bytes left some out. */
  | { readonly what: 'more'; readonly at: Place; readonly count: number }
  | { readonly what: 'bits'; readonly at: Place; readonly digits: string }
  | { readonly what: 'base64-end'; readonly at: Place }
  /** `offset` as it was written, `expected` in the same digits. */
  | { readonly what: 'offset'; readonly line: number; readonly offset: string; readonly expected: string }
  | { readonly what: 'start'; readonly line: number; readonly offset: string }
  | {
      readonly what: 'column'
      readonly line: number
      /** Which byte of the row, from 1. */
      readonly byte: number
      /** Undefined if the column goes on after the last byte. */
      readonly value: number | undefined
      /** Undefined if the column ends before the byte. */
      readonly character: string | undefined
    }
  | { readonly what: 'row'; readonly line: number }
  /** `*` with no row after it that tells how often. */
  | { readonly what: 'repeat'; readonly line: number }
  /** `*` for rows whose number depends on whether hexdump or od printed it. */
  | { readonly what: 'repeat-radix'; readonly line: number }
  /** A form of od or hexdump whose numbers do not tell the bytes. */
  | { readonly what: 'unit'; readonly line: number }
  /** Words without the last line: the last one may be cut. */
  | { readonly what: 'last-word'; readonly line: number }
  | { readonly what: 'no-payload'; readonly packets: number }

/** What somebody who pasted bytes should know of how they were read. */
export type PastedNote =
  /** Nothing in the text says so for certain. */
  | { readonly what: 'read-as'; readonly form: 'bits' | 'decimal' | 'base64' }
  /** Words of `bits` bits in the byte order of a machine. */
  | {
      readonly what: 'words'
      readonly bits: number
      readonly order: 'little-endian' | 'big-endian'
      /** True if the column of characters proves the order. */
      readonly isProved: boolean
    }
  /** Headers before the TCP payload were left out. */
  | {
      readonly what: 'headers'
      readonly packets: number
      readonly bytes: number
      /** Packets without a payload. */
      readonly empty: number
    }
  /** Dumps of what Wireshark made of the packet before them. */
  | { readonly what: 'derived'; readonly dumps: number }

/** The answer of a reader. */
export type Reading =
  | {
      /** One for each packet of a dump, else one. */
      readonly parts: readonly Uint8Array[]
      readonly notes?: readonly PastedNote[]
    }
  | { readonly fault: PastedFault }

/** Reads one family of forms. Undefined if the text has none of them. */
export type Reader = (text: string) => Reading | undefined

/** Where the character number `index` stands. */
export function placeOf(text: string, index: number): Place {
  if (!text.includes('\n')) return { line: undefined, column: index + 1 }
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < index; end = text.indexOf('\n', start)) {
    line++
    start = end + 1
  }
  return { line, column: index - start + 1 }
}

/** A piece of the text, short enough for one line. */
export function shorten(piece: string): string {
  return piece.length > 20 ? `${piece.slice(0, 20)}…` : piece
}

/** The bytes as one part. */
export function whole(bytes: readonly number[] | Uint8Array, notes: readonly PastedNote[] = []): Reading {
  return { parts: [Uint8Array.from(bytes)], notes }
}
