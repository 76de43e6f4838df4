// Heads as Node's old, lenient parser reads them: what is odd, and what is none.
import { describe, expect, test } from 'vitest'
import { type HeadKind, type ParsedHead, parseHead } from '../../src/http/heads.ts'

/** Reads the head from within other bytes. */
function headOf(kind: HeadKind, text: string): ParsedHead | undefined {
  const bytes = Buffer.from(`x${text}y: z\r\n\r\n`, 'latin1')
  return parseHead(kind, bytes, 1, 1 + text.length)
}

describe('a head of HTTP/1', () => {
  test('a head has names, and values without the blanks around them', () => {
    expect(headOf('request', 'GET /a HTTP/1.1\r\nHost:\t a b \t\r\nX:\r\n\r\n')).toEqual({
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

  test('a head may have folded lines, invalid lines, and lines that end in LF alone', () => {
    const head = headOf(
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
  ])('bytes are not a head with %s', (_, head) => {
    expect(headOf('request', head)).toBeUndefined()
  })

  test('a head of a megabyte without a CR or a colon is read in one pass', () => {
    const head = `GET / HTTP/1.1\n${'a\n'.repeat(2 ** 19)}\n`
    expect(parseHead('request', Buffer.from(head, 'latin1'), 0, head.length)?.headers).toEqual([])
  })
})
