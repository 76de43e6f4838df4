import fc from 'fast-check'
import { HTTPParser } from 'http-parser-js'
import { describe, expect, test } from 'vitest'
import { type HeadKind, METHODS, type ParsedHead, parseHead } from '../../src/http/heads.ts'

type Found = Omit<ParsedHead, 'kind' | 'startLine'>

/** The lenient parser that Node itself once had, as the second opinion on every head. */
class Oracle extends HTTPParser {
  #found: Found | undefined

  parse(kind: HeadKind, bytes: Buffer): Found | undefined {
    this.#found = undefined
    this.initialize(kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE)
    this.execute(bytes, 0, bytes.length)
    return this.#found
  }

  override [HTTPParser.kOnHeadersComplete] = ({
    headers,
    method,
    statusCode,
  }: {
    headers: readonly string[]
    method: number
    statusCode: number
  }): number => {
    const pairs: [string, string][] = []
    for (let i = 0; i < headers.length; i += 2) pairs.push([headers[i]!, headers[i + 1]!])
    this.#found = {
      method: HTTPParser.methods[method],
      status: statusCode,
      headers: pairs,
    }
    return 2
  }
}

HTTPParser.encoding = 'latin1'
const oracle = new Oracle()

/** Reads the head as http-parser-js does, from within other bytes. */
function agree(kind: HeadKind, text: string): ParsedHead | undefined {
  const bytes = Buffer.from(`x${text}y: z\r\n\r\n`, 'latin1')
  const head = parseHead(kind, bytes, 1, 1 + text.length)
  const { kind: _, startLine, ...rest } = head ?? { kind, startLine: '' }
  expect(head && rest).toEqual(oracle.parse(kind, Buffer.from(text, 'latin1')))
  if (head !== undefined) expect(text.replace(/^[\r\n]*/, '').split(/\r?\n/)[0]).toBe(startLine)
  return head
}

const lineEnd = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('\r\n', '\r\n', '\n') },
  { weight: 1, arbitrary: fc.constantFrom('', '\r', '\r\r\n', ' \r\n') },
)
const blank = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 3 })
const odd = fc.string({
  unit: fc.constantFrom(...'aZ-: \t\r\n\0\v\f\u0085\u00a0\u00ff,;"=_5'),
  maxLength: 8,
})
const startLine = fc.oneof(
  fc.constantFrom(
    'GET / HTTP/1.1',
    'M-SEARCH * HTTP/1.0',
    'GETT / HTTP/1.1',
    'get / HTTP/1.1',
    'GET  / HTTP/1.1',
    'GET / HTTP/1.1 ',
    'GET /\u00e4\r\t HTTP/1.1',
    'GET / HTTP/11.1',
    'QUERY / HTTP/1.1',
    'HTTP/1.1 200 OK',
    'HTTP/1.1 101',
    'HTTP/1.0 404 ',
    'HTTP/2.0 200  \u00e4\u00a0',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000',
    'HTTP/1.1 200 O\rK',
  ),
  odd,
)
const header = fc
  .oneof(
    fc.tuple(fc.constantFrom('Host', 'content-length', 'Content-Length', 'Upgrade'), blank, blank, odd),
    fc.tuple(
      fc.constantFrom('Content-Length', 'Transfer-Encoding'),
      fc.constant(''),
      blank,
      fc.constantFrom('5', '05', '6', '5 ', 'x', '', '\u00a05', 'chunked'),
    ),
  )
  .map(([name, before, after, value]) => `${name}${before}:${after}${value}`)
const line = fc.oneof(
  header,
  header,
  odd,
  blank,
  fc.tuple(blank, odd).map((parts) => parts.join('')),
)
const text = fc
  .tuple(
    fc.array(lineEnd, { maxLength: 2 }),
    startLine,
    lineEnd,
    fc.array(fc.tuple(line, lineEnd), { maxLength: 6 }),
    fc.constantFrom('\r\n', '\n', ''),
  )
  .map((parts) => parts.flat(2).join(''))

describe('a head', () => {
  test('whatever it is, is read as http-parser-js reads it', () => {
    let heads = 0
    let none = 0
    fc.assert(
      fc.property(fc.constantFrom<HeadKind>('request', 'response'), text, (kind, head) => {
        if (agree(kind, head) === undefined) none++
        else heads++
      }),
      { numRuns: 5000 },
    )
    expect(Math.min(heads, none)).toBeGreaterThan(200)
  })

  test('is known by the same methods', () => {
    expect(METHODS).toEqual(HTTPParser.methods)
  })

  test('has names, and values without the blanks around them', () => {
    expect(agree('request', 'GET /a HTTP/1.1\r\nHost:\t a b \t\r\nX:\r\n\r\n')).toEqual({
      kind: 'request',
      startLine: 'GET /a HTTP/1.1',
      method: 'GET',
      status: undefined,
      headers: [
        ['Host', 'a b'],
        ['X', ''],
      ],
    })
  })

  test('may have lines that are folded, that are none, and that end in LF alone', () => {
    const head = agree(
      'response',
      '\r\n\nHTTP/1.1 200\nnone\n a\nA:\n  b \n\tc\n \t \r\nno name: x\nB: \xe4\n\n',
    )
    expect(head).toMatchObject({ startLine: 'HTTP/1.1 200', status: 200 })
    expect(head?.headers).toEqual([
      ['A', 'b c'],
      ['B', '\xe4'],
    ])
  })

  test.each([
    ['a CR within a line', 'GET / HTTP/1.1\r\nA: b\rc\r\n\r\n'],
    ['a CR at the start of a line', 'GET / HTTP/1.1\r\n\rA: b\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 5\r\ncontent-length: 6\r\n\r\n'],
    ['two lengths that are none', 'POST / HTTP/1.1\r\nContent-Length: x\r\ncontent-length: x\r\n\r\n'],
    ['an unknown method', 'HELLO / HTTP/1.1\r\n\r\n'],
    ['no empty line', 'GET / HTTP/1.1\r\nA: b\r\n'],
    ['no line at all', ''],
  ])('is none with %s', (_, head) => {
    expect(agree('request', head)).toBeUndefined()
  })

  test('of a megabyte without a CR or a colon is read in one pass', () => {
    const head = `GET / HTTP/1.1\n${'a\n'.repeat(2 ** 19)}\n`
    expect(parseHead('request', Buffer.from(head, 'latin1'), 0, head.length)?.headers).toEqual([])
  })
})
