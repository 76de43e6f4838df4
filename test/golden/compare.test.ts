// What a comparison says of what changed.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compareGoldens, inOrderOf } from '../../src/golden/compare.ts'
import type { Golden } from '../../src/golden/golden.ts'
import { recordGolden } from '../../src/golden/record.ts'
import { readCapture } from '../../src/index.ts'
import { connectionOf, goldenOf, goldenWith, inWords } from '../support/builders/goldens.ts'
import { type Exchange, recordExchange, SOME_CHANCE } from '../support/builders/recorded-exchange.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'

const TALK = ['client one', 'server two', 'client three', 'server four', 'client five']

const compared = (before: readonly string[], after: readonly string[]): string[] =>
  inWords(compareGoldens(goldenOf(before), goldenOf(after)))

describe('two recordings of one real exchange', () => {
  it.each(['context-takeover', 'fragments-and-pings', 'subprotocol', 'texts'])(
    '%s recorded again has other ports, keys and times, and no difference, frames included',
    async (name) => {
      const again = new URL(`../../fixtures/again/${name}.pcap`, import.meta.url)
      const [first, second] = [await readCapture(fixturePath(name)), await readCapture(readFileSync(again))]
      const connections = [first.connections[0]!, second.connections[0]!]
      expect(connections[0]!.client.port).not.toBe(connections[1]!.client.port)
      const key = (at: number) => connections[at]!.frames.find(({ maskingKey }) => maskingKey)!.maskingKey
      expect(key(0)).not.toBe(key(1))
      for (const level of ['messages', 'frames'] as const)
        expect(compareGoldens(recordGolden(first, level), recordGolden(second, level))).toEqual([])
    },
  )

  it('the same messages over another compression differ in the handshake only, and with level frames in the frames', async () => {
    const [with15, with9] = [
      await readCapture(fixturePath('context-takeover')),
      await readCapture(fixturePath('window-bits')),
    ]
    expect(inWords(compareGoldens(recordGolden(with15), recordGolden(with9)))).toEqual([
      expect.stringMatching(/^handshake changed handshake\.extensions/),
    ])
    const framed = compareGoldens(recordGolden(with15, 'frames'), recordGolden(with9, 'frames'))
    expect(new Set(framed.map(({ subject }) => subject))).toEqual(new Set(['handshake', 'frame']))
  })
})

describe('a difference', () => {
  it('equal exchanges have no difference', () => expect(compared(TALK, TALK)).toEqual([]))

  it('a changed text is a difference', () => {
    const after = TALK.with(2, 'client thirty')
    const [difference, ...more] = compareGoldens(goldenOf(TALK), goldenOf(after))
    expect(more).toEqual([])
    expect(difference).toMatchObject({
      kind: 'changed',
      subject: 'message',
      from: 'client',
      number: { expected: 3, actual: 3 },
      place: { actual: { frames: [3], lastPacket: 12 } },
      changes: [{ path: 'text', expected: 'three', actual: 'thirty' }],
    })
  })

  it('values in JSON differ by their path', () => {
    const before = ['server {"a":1,"list":[1,2,{"b":null}],"odd name":true,"gone":0}']
    const after = ['server {"a":2,"list":[1,2,{"b":"x"}],"odd name":false,"new":[]}']
    const [difference] = compareGoldens(goldenOf(before), goldenOf(after))
    expect(difference!.changes).toEqual([
      { path: '$.a', expected: 1, actual: 2 },
      { path: '$.list[2].b', expected: null, actual: 'x' },
      { path: '$["odd name"]', expected: true, actual: false },
      { path: '$.gone', expected: 0, actual: undefined },
      { path: '$.new', expected: undefined, actual: [] },
    ])
  })

  it('items that a list in JSON lost or won are found between equal ones', () => {
    expect(compared(['server [1,2,3,4]'], ['server [1,3,4]'])).toEqual(['message changed 1 $[1]'])
    expect(compared(['server [{"a":1},{"b":2}]'], ['server [{"a":1},{"c":3},{"b":2}]'])).toEqual([
      'message changed 1 $[1]',
    ])
  })

  it('JSON of the same value and another spelling differs', () => {
    expect(compared(['server {"a":1}'], ['server {"a": 1}'])).toEqual(['message changed 1 text'])
    expect(compared(['server {"a":1}'], ['server {"a": 2}'])).toEqual(['message changed 1 $.a spelling'])
  })

  it('a number beyond the precision of a double differs by its last digit', () => {
    expect(compared(['server {"id":12345678901234567890}'], ['server {"id":12345678901234567891}'])).toEqual([
      'message changed 1 text',
    ])
  })

  it('a dropped message is missing, and one more is added', () => {
    expect(compared(TALK, TALK.toSpliced(1, 1))).toEqual(['message missing 2'])
    expect(compared(TALK, TALK.toSpliced(1, 0, 'server new'))).toEqual(['message added 2'])
  })

  it('a dropped message beside a changed one: each is named for what it is', () => {
    const before = ['client {"type":"a","n":1}', 'client some text that stays', 'client end']
    const after = ['client some text that stayed', 'client end']
    expect(compared(before, after)).toEqual(['message missing 1', 'message changed 1 text'])
  })

  it('a reordered pair of one side is one moved message', () => {
    const before = ['client a', 'client b', 'client c']
    expect(compared(before, ['client b', 'client a', 'client c'])).toEqual([
      expect.stringMatching(/^message moved [12]$/),
    ])
  })

  it('a reordered pair of both sides is one moved message, and no difference if their interleaving is chance', () => {
    const after = ['server two', 'client one', ...TALK.slice(2)]
    expect(compared(TALK, after)).toEqual([expect.stringMatching(/^message moved [12]$/)])
    expect(compareGoldens(goldenOf(TALK, { unordered: true }), goldenOf(after))).toEqual([])
  })

  it('the order within a side counts even if the interleaving is chance', () => {
    const after = ['client three', 'server two', 'client one', 'server four', 'client five']
    expect(inWords(compareGoldens(goldenOf(TALK, { unordered: true }), goldenOf(after)))).toEqual([
      expect.stringMatching(/^message moved/),
    ])
  })

  it('another close code is a difference', async () => {
    const exchange: Exchange = {
      target: '/',
      messages: [{ from: 'client', text: 'hi' }],
      close: { by: 'server', code: 1000, reason: 'done' },
    }
    const golden = async (code: number): Promise<Golden> =>
      recordGolden(await readCapture(recordExchange({ ...exchange, close: { ...exchange.close, code } })))
    const [difference, ...more] = compareGoldens(await golden(1000), await golden(1011))
    expect(more).toEqual([])
    expect(difference).toMatchObject({
      subject: 'closed',
      changes: [{ path: 'closed.code', expected: 1000, actual: 1011 }],
    })
  })

  it('a new violation is a difference, with its frame and packet', async () => {
    const close = { by: 'client', code: 1000, reason: '' } as const
    const said = [{ from: 'client', text: 'hi' }] as const
    const bad = { from: 'client', frame: { fin: true, opcode: 3, payload: new Uint8Array(0) } } as const
    const golden = async (messages: Exchange['messages']): Promise<Golden> =>
      recordGolden(await readCapture(recordExchange({ target: '/', messages, close })))
    expect(compareGoldens(await golden(said), await golden([...said, bad]))).toEqual([
      expect.objectContaining({
        kind: 'added',
        subject: 'finding',
        from: 'client',
        place: { expected: undefined, actual: { frames: [2], firstPacket: 7, lastPacket: 7 } },
        value: {
          expected: undefined,
          actual: expect.objectContaining({ code: 'reserved-opcode', count: 1 }),
        },
      }),
    ])
    expect(inWords(compareGoldens(await golden([bad]), await golden([bad, bad])))).toEqual([
      'finding changed count',
    ])
  })

  it('a host is compared by its name, and not by its address or port', async () => {
    const close = { by: 'client', code: 1000, reason: '' } as const
    const at = async (host: string): Promise<Golden> =>
      recordGolden(
        await readCapture(recordExchange({ target: '/', messages: [], close }, { ...SOME_CHANCE, host })),
      )
    expect(compareGoldens(await at('chat.example.org'), await at('Chat.example.org:8443'))).toEqual([])
    expect(compareGoldens(await at('[::1]:80'), await at('localhost:9'))).toEqual([])
    expect(inWords(compareGoldens(await at('chat.example.org'), await at('other.example.org')))).toEqual([
      'handshake changed handshake.host',
    ])
  })
})

describe('connections', () => {
  const a = connectionOf(['client a', 'server A'], { target: '/a' })
  const b = connectionOf(['client b', 'server B'], { target: '/b', number: 2 })

  it('connections may come in another order', () => {
    expect(compareGoldens(goldenWith([a, b]), goldenWith([b, a]))).toEqual([])
  })

  it('a connection may be missing or added', () => {
    expect(inWords(compareGoldens(goldenWith([a, b]), goldenWith([b])))).toEqual(['connection missing'])
    expect(inWords(compareGoldens(goldenWith([a]), goldenWith([a, b])))).toEqual(['connection added'])
  })

  it('a changed connection is compared with its like, not with its neighbour', () => {
    const changed = connectionOf(['client b', 'server C'], { target: '/b' })
    expect(inWords(compareGoldens(goldenWith([a, b]), goldenWith([changed, a])))).toEqual([
      'message changed 2 text',
    ])
  })

  it('none of many connections that are the same is lost', () => {
    const many = Array.from({ length: 500 }, (_, i) => connectionOf(['client same'], { number: i + 1 }))
    expect(compareGoldens(goldenWith(many), goldenWith(many))).toEqual([])
    expect(inWords(compareGoldens(goldenWith(many), goldenWith(many.slice(1))))).toEqual([
      'connection missing',
    ])
  })

  it('connections keep the order of the golden file when it is updated', () => {
    const changed = connectionOf(['client b', 'server C'], { target: '/b' })
    const c = connectionOf(['client c'], { target: '/c' })
    const updated = inOrderOf(goldenWith([a, b]), goldenWith([c, changed, a]))
    expect([...updated.connections]).toEqual([a, changed, c])
  })
})
