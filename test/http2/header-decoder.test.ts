// HPACK: the examples of RFC 7541 appendix C, what Node's encoder makes, and blocks that break the rules.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../src/base/limits.ts'
import { HeaderDecoder } from '../../src/http2/header-decoder.ts'
import { decodeHuffman } from '../../src/http2/huffman.ts'
import { bytesOf } from '../support/builders/stream-items.ts'

const decoderOf = (limit = 65_536, budget = new Budget(1 << 20)) => new HeaderDecoder(limit, budget)
const linesOf = (decoder: HeaderDecoder, hex: string) =>
  decoder.decode(bytesOf(hex)).fields.map(([name, value]) => `${name}: ${value}`)

describe('appendix C of RFC 7541', () => {
  it.each([
    ['C.2.1', '400a637573746f6d2d6b65790d637573746f6d2d686561646572', 'custom-key: custom-header', 55],
    ['C.2.2', '040c2f73616d706c652f70617468', ':path: /sample/path', 0],
    ['C.2.3', '100870617373776f726406736563726574', 'password: secret', 0],
    ['C.2.4', '82', ':method: GET', 0],
  ])('%s gives its field and its table', (_, hex, line, size) => {
    const decoder = decoderOf()
    expect(linesOf(decoder, hex)).toEqual([line])
    expect(decoder.tableSize).toBe(size)
  })

  const requests = [
    [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
    [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
    [
      ':method: GET',
      ':scheme: https',
      ':path: /index.html',
      ':authority: www.example.com',
      'custom-key: custom-value',
    ],
  ]
  it.each([
    [
      'C.3, without Huffman',
      [
        '828684410f7777772e6578616d706c652e636f6d',
        '828684be58086e6f2d6361636865',
        '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
      ],
    ],
    [
      'C.4, with Huffman',
      [
        '828684418cf1e3c2e5f23a6ba0ab90f4ff',
        '828684be5886a8eb10649cbf',
        '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
      ],
    ],
  ])('%s: three requests on one connection decode as listed', (_, blocks) => {
    const decoder = decoderOf()
    expect(blocks.map((block) => linesOf(decoder, block))).toEqual(requests)
    expect(decoder.tableSize).toBe(164)
  })

  const date = (second: number) => `date: Mon, 21 Oct 2013 20:13:${second} GMT`
  const cookie = 'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'
  const location = 'location: https://www.example.com'
  const responses = [
    [':status: 302', 'cache-control: private', date(21), location],
    [':status: 307', 'cache-control: private', date(21), location],
    [':status: 200', 'cache-control: private', date(22), location, 'content-encoding: gzip', cookie],
  ]
  it.each([
    [
      'C.5, without Huffman',
      [
        '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
        '4803333037c1c0bf',
        '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
      ],
    ],
    [
      'C.6, with Huffman',
      [
        '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
        '4883640effc1c0bf',
        '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
      ],
    ],
  ])('%s: three responses decode as listed, with a table of 256 bytes that evicts entries', (_, blocks) => {
    const decoder = decoderOf()
    expect(linesOf(decoder, '3fe101')).toEqual([])
    const sizes: number[] = []
    for (const [index, block] of blocks.entries()) {
      expect(linesOf(decoder, block)).toEqual(responses[index])
      sizes.push(decoder.tableSize)
    }
    expect(sizes).toEqual([222, 222, 215])
  })
})

describe('a header block', () => {
  it.each([
    ['index 0', '80'],
    ['an index behind both tables', 'c6'],
    ['an integer without end', 'ffffffffffff'],
    ['a string longer than the block', '000a61'],
    ['a name without a value', '400161'],
    ['Huffman padding with zeros', '008161 81ff00'.replaceAll(' ', '')],
  ])('a header block with %s is malformed, keeps earlier fields, and is unsure of later ones', (_, hex) => {
    const decoder = decoderOf()
    const broken = decoder.decode(bytesOf(`82${hex}`))
    expect(broken.missing).toBe('malformed')
    expect(broken.fields).toEqual([[':method', 'GET']])
    const next = decoder.decode(bytesOf('84be'))
    expect(next.missing).toBe('lost')
    expect(next.fields).toEqual([[':path', '/']])
  })

  it('a header block without its end gives its first fields', () => {
    const whole = bytesOf('82864003616263 0378797a'.replaceAll(' ', ''))
    const cut = decoderOf().decode(whole, 0, whole.length - 1, false)
    expect(cut).toMatchObject({
      fields: [
        [':method', 'GET'],
        [':scheme', 'http'],
      ],
      missing: 'lost',
    })
  })

  it('new entries are found again after the table was lost', () => {
    const decoder = decoderOf()
    decoder.lose()
    expect(decoder.decode(bytesOf('bf400161 0162'.replaceAll(' ', ''))).missing).toBe('lost')
    expect(decoder.decode(bytesOf('be'))).toMatchObject({ fields: [['a', 'b']], missing: undefined })
    expect(decoder.decode(bytesOf('bf')).missing).toBe('lost')
  })

  it('a header block of one byte that stands for a long field, over and over, keeps no more than the limit', () => {
    const decoder = decoderOf(10_000)
    const name = '61'.repeat(100)
    decoder.decode(bytesOf(`4064${name}0162`))
    const block = new Uint8Array(50_000).fill(0xbe)
    const { fields, missing } = decoder.decode(block)
    expect(missing).toBe('limit')
    expect(fields.length).toBe(Math.floor(10_000 / 133))
  })

  it('a header block that is too large keeps the fields for which there is room, whatever comes before them', () => {
    // :method GET, x with 200 bytes, :path /
    const block = bytesOf(`82 40 01 78 7f 49 ${'62'.repeat(200)} 84`.replaceAll(' ', ''))
    const { fields, size, missing } = decoderOf().decode(block, 0, block.length, true, 150)
    expect(fields).toEqual([
      [':method', 'GET'],
      [':path', '/'],
    ])
    expect([size, missing]).toEqual([7 + 3 + 32 + 5 + 1 + 32, 'limit'])
  })

  it('the table is charged to the budget and given back, and is lost if the budget is empty', () => {
    const budget = new Budget(200)
    const decoder = decoderOf(65_536, budget)
    decoder.decode(bytesOf('400161 0162'.replaceAll(' ', '')))
    // Its size by HPACK's count, and what a pair of strings takes in memory.
    expect(budget.held).toBe(34 + 96)
    decoder.decode(bytesOf(`40 01 61 7f 00 ${'62'.repeat(127)}`.replaceAll(' ', '')))
    expect(budget.held).toBe(0)
    expect(decoder.decode(bytesOf('be')).missing).toBe('lost')
    decoder.release()
    expect(budget.held).toBe(0)
  })

  it('a header block never throws, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (blocks) => {
        const budget = new Budget(1 << 20)
        const decoder = decoderOf(4096, budget)
        for (const block of blocks) {
          const { size, fields, missing } = decoder.decode(block)
          expect(fields.every(([name]) => name !== '')).toBe(true)
          if (missing === undefined) expect(size).toBeLessThanOrEqual(4096)
        }
        decoder.release()
        expect(budget.held).toBe(0)
      }),
    )
  })
})

describe('a Huffman code', () => {
  it('a Huffman code is refused with EOS in it, and with padding of a byte', () => {
    expect(decodeHuffman(bytesOf('ffffffff'), 0, 4)).toBeUndefined()
    expect(decodeHuffman(bytesOf('1fff'), 0, 2)).toBeUndefined()
    expect(decodeHuffman(bytesOf('1f'), 0, 1)).toBe('a')
  })
})
