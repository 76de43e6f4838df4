// One HTTP/1 head (RFC 9112 §2 to §5). In: its bytes. Out: its start line and headers. The adapter around http-parser-js.
//
// The parser gets whole heads only, and stops after each, because it trusts what it reads: a negative Content-Length or chunk
// size makes it loop for ever, and it forgets its size limit after the first message. bodies.ts reads bodies.
import { HTTPParser } from 'http-parser-js'
import { fromLatin1, NO_BYTES, toLatin1, viewOf } from '../base/bytes.ts'

export type HeadKind = 'request' | 'response'

/** A head as it was sent. */
export interface ParsedHead {
  readonly kind: HeadKind
  /** Without its line end; one character a byte. */
  readonly startLine: string
  /** Of a request: `GET`. */
  readonly method: string | undefined
  /** Of a response: 100 … 999. */
  readonly status: number | undefined
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
}

/** Methods that begin a request. */
export const METHODS: readonly string[] = HTTPParser.methods

/** ISO 8859-1: ASCII would clear the top bit of every byte. */
HTTPParser.encoding = 'latin1'

/** http-parser-js takes this answer for "no body here; stop after the head". */
const STOP_BEHIND_HEAD = 2

/** What the parser says about a head. */
interface FoundHead {
  readonly headers: readonly string[]
  readonly method: number
  readonly statusCode: number
}

class HeadParser extends HTTPParser {
  #found: FoundHead | undefined

  /** The head in `input[start … end)`; undefined if it is not one. */
  parse(kind: HeadKind, input: ParserInput, start: number, end: number): FoundHead | undefined {
    this.#found = undefined
    this.initialize(kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE)
    // The answer of `execute` is not used: it is an error for any head over 80 KiB, although the head was read.
    this.execute(input as unknown as Parameters<HeadParser['execute']>[0], start, end - start)
    return this.#found
  }

  override [HTTPParser.kOnHeadersComplete] = (found: FoundHead): number => {
    this.#found = found
    return STOP_BEHIND_HEAD
  }

  /** A line of white space says nothing, and costs the parser's expression for folded lines a time that grows with its square. */
  override parseHeader(line: string, headers: string[]): void {
    if (/[^ \t]/.test(line)) super.parseHeader(line, headers)
  }
}

/** One for all heads: making a parser takes as long as reading a head. */
const parser = new HeadParser()

/**
 * What the parser takes for a Buffer. The parser asks for lines as text; the head is decoded as a whole, which takes less time.
 */
class ParserInput extends Uint8Array {
  #text = ''
  #origin = 0

  /** Decodes the head that starts at `start`; from then on lines of it may be asked for. */
  decode(head: Uint8Array, start: number): void {
    const text = utf8.decode(head)
    this.#text = NOT_ASCII.test(text) ? toLatin1(head) : text
    this.#origin = start
  }

  override toString(_encoding?: string, start = 0, end = 0): string {
    return this.#text.slice(start - this.#origin, end - this.#origin)
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const NOT_ASCII = /[^\0-\x7f]/

let viewed: Uint8Array = NO_BYTES
let input = new ParserInput(0)

/** The same bytes for the parser. The last view made is kept: a chunk of the capture holds hundreds of heads. */
function inputOf(bytes: Uint8Array, start: number, end: number): ParserInput {
  if (bytes !== viewed) {
    viewed = bytes
    input = new ParserInput(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
  }
  input.decode(viewOf(bytes, start, end), start)
  return input
}

/** The head in `bytes[start … end)`, which ends with its empty line; undefined if it is not one. Never throws. */
export function parseHead(
  kind: HeadKind,
  bytes: Uint8Array,
  start: number,
  end: number,
): ParsedHead | undefined {
  const input = inputOf(bytes, start, end)
  const found = parser.parse(kind, input, start, end)
  if (found === undefined) return undefined
  const headers: [string, string][] = []
  for (let i = 0; i + 1 < found.headers.length; i += 2)
    headers.push([found.headers[i]!, found.headers[i + 1]!])
  return {
    kind,
    startLine: startLine(input, start, end),
    method: kind === 'request' ? METHODS[found.method] : undefined,
    status: kind === 'response' ? found.statusCode : undefined,
    headers,
  }
}

/** The sure part of a head if only `bytes[start … end)` was captured: its whole lines. Undefined without a whole start line. */
export function parseCutHead(
  kind: HeadKind,
  bytes: Uint8Array,
  start: number,
  end: number,
): ParsedHead | undefined {
  const wholeLines = bytes.subarray(start, end).lastIndexOf(0x0a) + 1
  if (wholeLines === 0) return undefined
  const head = new Uint8Array(wholeLines + 2)
  head.set(bytes.subarray(start, start + wholeLines))
  head.set(fromLatin1('\r\n'), wholeLines)
  return parseHead(kind, head, 0, head.length)
}

const LF = 0x0a
const CR = 0x0d

/** The position of the first byte that is not a line end: empty lines before a start line are skipped (RFC 9112 §2.2). */
export function startOfLine(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++
  return at
}

/**
 * The position after the empty line that ends the head; undefined if there is none. `from`: where the search begins, in or before
 * the last line known.
 */
export function endOfHead(bytes: Uint8Array, from: number, end: number): number | undefined {
  // A view, because `indexOf` takes no end: it would go on through a whole buffer of the capture file.
  const view = bytes.subarray(from, end)
  for (let lf = view.indexOf(LF); lf !== -1; lf = view.indexOf(LF, lf + 1)) {
    if (view[lf + 1] === LF) return from + lf + 2
    if (view[lf + 1] === CR && view[lf + 2] === LF) return from + lf + 3
  }
  return undefined
}

function startLine(input: ParserInput, start: number, end: number): string {
  const from = startOfLine(input, start, end)
  const lf = input.indexOf(LF, from)
  return input.toString('latin1', from, input[lf - 1] === CR ? lf - 1 : lf)
}
