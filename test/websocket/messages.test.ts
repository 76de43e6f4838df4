import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { counting, hex, utf8, zeros } from '../support/builders/packet-builder.ts'
import { told } from '../support/drivers/told-finding.ts'
import {
  CLOSING,
  client,
  hear,
  type Step,
  server,
  textOf,
} from '../support/drivers/websocket-conversation.ts'

const cut = ([from, what]: Step, at: number, missing = 1): Step[] => {
  const bytes = what as Uint8Array
  return [
    [from, bytes.slice(0, at)],
    [from, { gap: missing }],
    [from, bytes.slice(at + missing)],
  ]
}

describe('a complete message', () => {
  it('a message of one frame is its payload', () => {
    const { messages } = hear([client({ text: 'one' }), ...CLOSING])
    expect(messages).toEqual([
      {
        type: 'message',
        connection: 1,
        message: 1,
        from: 'client',
        firstPacket: 1,
        lastPacket: 1,
        time: { seconds: 1, nanoseconds: 0 },
        opcode: 1,
        frames: [1],
        compressed: false,
        wireLength: 3,
        length: 3,
        data: utf8('one'),
        isText: true,
        incomplete: false,
        withoutContext: false,
      },
    ])
  })

  it('a message is joined from its fragments, whatever comes between them, each direction on its own', () => {
    const { messages, codes } = hear([
      client({ text: 'cli', fin: false }),
      server({ text: 'ser', fin: false, opcode: 2 }),
      client({ opcode: 9, text: 'ping' }),
      server({ opcode: 10, text: 'ping' }),
      server({ text: '', fin: false, opcode: 0 }),
      client({ text: 'en', fin: false, opcode: 0 }),
      server({ text: 'ver', opcode: 0 }),
      client({ text: 't', opcode: 0 }),
      ...CLOSING,
    ])
    expect(codes).toEqual([])
    expect(messages).toMatchObject([
      {
        message: 1,
        from: 'server',
        opcode: 2,
        frames: [2, 5, 7],
        firstPacket: 2,
        lastPacket: 7,
        isText: false,
        length: 6,
      },
      {
        message: 2,
        from: 'client',
        opcode: 1,
        frames: [1, 6, 8],
        firstPacket: 1,
        lastPacket: 8,
        isText: true,
        wireLength: 6,
      },
    ])
    expect(messages.map(textOf)).toEqual(['server', 'client'])
  })

  it('a message may be empty, in one fragment or in several', () => {
    const { messages } = hear([
      client(),
      client({ fin: false, opcode: 2 }),
      client({ fin: false, opcode: 0 }),
      client({ opcode: 0 }),
      client({ fin: false }),
      client({ opcode: 0, text: 'last' }),
      ...CLOSING,
    ])
    expect(messages.map(textOf)).toEqual(['', '', 'last'])
    expect(messages.every(({ incomplete }) => !incomplete)).toBe(true)
  })

  it('a message is text only if its bytes are UTF-8, whose characters fragments may cut', () => {
    const { messages, codes } = hear([
      client({ payload: hex('e6 9c'), fin: false }),
      client({ payload: hex('8d'), opcode: 0 }),
      client({ payload: hex('ff') }),
      ...CLOSING,
    ])
    expect(messages).toMatchObject([{ isText: true }, { isText: false, incomplete: false, data: hex('ff') }])
    expect(textOf(messages[0])).toBe('服')
    expect(codes).toEqual(['invalid-utf8'])
  })

  it.each([1, 2, 3, 1000, 65_536])(
    'a message is the same however its bytes are cut into frames of up to %i bytes',
    (size) => {
      const data = counting(Math.min(3000 * size, 300_000))
      const steps: Step[] = []
      for (let at = 0; at < data.length; at += size) {
        const opcode = at === 0 ? 2 : 0
        steps.push(client({ opcode, fin: at + size >= data.length, payload: data.subarray(at, at + size) }))
      }
      const { messages, held } = hear([...steps, ...CLOSING])
      expect(messages).toHaveLength(1)
      expect(Buffer.compare(messages[0]!.data!, data)).toBe(0)
      expect(messages[0]).toMatchObject({ wireLength: data.length, length: data.length, incomplete: false })
      expect(held).toBe(0)
    },
  )
})

describe('a message that is not complete', () => {
  it('an incomplete message has the bytes before the hole, cut back to whole characters', () => {
    const { messages, codes } = hear([
      ...cut(client({ text: 'aé服务器' }), 6 + 7),
      client({ text: 'next' }),
      ...CLOSING,
    ])
    expect(messages).toMatchObject([
      { incomplete: true, isText: true, length: 6, wireLength: 12 },
      { incomplete: false, isText: true },
    ])
    expect(messages.map(textOf)).toEqual(['aé服', 'next'])
    expect(codes).toEqual(['incomplete-frame'])
  })

  it('an incomplete message has no data if no byte is sure', () => {
    const { messages } = hear([
      ...cut(client({ text: 'abc' }), 6),
      ...cut(client({ text: '服' }), 8),
      ...CLOSING,
    ])
    expect(messages).toMatchObject([
      { incomplete: true, data: undefined, length: 0, isText: false },
      { incomplete: true, data: undefined, length: 0, isText: false },
    ])
  })

  it('an incomplete message has nothing of the fragments after the hole but their numbers', () => {
    const { messages, codes } = hear([
      client({ text: 'ab', fin: false }),
      ...cut(client({ text: 'cdef', fin: false, opcode: 0 }), 8),
      client({ text: 'gh', opcode: 0 }),
      ...CLOSING,
    ])
    expect(messages).toMatchObject([{ frames: [1, 2, 3], wireLength: 8, incomplete: true }])
    expect(textOf(messages[0])).toBe('abcd')
    expect(codes).toEqual(['incomplete-frame'])
  })

  it('bytes that are not UTF-8 before a hole make the message invalid', () => {
    const { messages, codes } = hear([...cut(client({ payload: hex('61 ff 62 63') }), 9), ...CLOSING])
    expect(messages).toMatchObject([{ incomplete: true, isText: false, data: hex('61 ff 62') }])
    expect(codes).toEqual(['incomplete-frame', 'invalid-utf8'])
  })

  it('an unfinished message comes out when a new one starts, and the new one is whole', () => {
    const { messages, codes, events } = hear([
      client({ text: 'never', fin: false }),
      client({ text: 'n', fin: false, opcode: 2 }),
      client({ text: 'ew', opcode: 0 }),
      ...CLOSING,
    ])
    expect(messages).toMatchObject([
      { frames: [1], incomplete: true, opcode: 1 },
      { frames: [2, 3], incomplete: false, opcode: 2 },
    ])
    expect(messages.map(textOf)).toEqual(['never', 'new'])
    expect(codes).toEqual(['expected-continuation'])
    expect(events.map(({ type }) => type)).toEqual([
      'frame',
      'frame',
      'finding',
      'message',
      'frame',
      'message',
      'frame',
      'frame',
      'closed',
    ])
  })

  it('an unfinished message comes out at the end of the connection', () => {
    const { messages, codes } = hear([
      client({ text: 'unfin', fin: false }),
      server({ text: 'too', fin: false }),
      ...CLOSING,
    ])
    expect(messages.map(textOf)).toEqual(['unfin', 'too'])
    expect(messages.every(({ incomplete }) => incomplete)).toBe(true)
    expect(codes).toEqual([])
  })

  it('a message takes in neither a continuation of nothing nor a frame of a reserved opcode', () => {
    const { messages } = hear([
      client({ opcode: 0, text: 'of nothing', fin: false }),
      client({ opcode: 0, text: 'still' }),
      client({ text: 'a', fin: false }),
      client({ opcode: 5, text: 'reserved' }),
      client({ text: 'b', opcode: 0 }),
      ...CLOSING,
    ])
    expect(messages.map(textOf)).toEqual(['ab'])
  })
})

describe('the limits on a message', () => {
  it('a message over the limit keeps its first bytes, in one frame', () => {
    const { messages, codes, findings } = hear(
      [client({ text: 'abcdef' }), client({ text: 'abcde' }), ...CLOSING],
      {
        limits: { messageSize: 5 },
      },
    )
    expect(messages).toMatchObject([
      { incomplete: true, wireLength: 6, length: 5 },
      { incomplete: false, length: 5 },
    ])
    expect(codes).toEqual(['limit-reached'])
    expect(sentenceOf(findings[0]!)).toBe(
      'Of a text frame with a payload of 6 bytes, the first 5 bytes are kept (limit messageSize).',
    )
  })

  it('a message over the limit keeps its first bytes, over several frames, and one finding says so', () => {
    const { messages, codes, held } = hear(
      [
        client({ text: 'abc', fin: false }),
        client({ text: 'def', fin: false, opcode: 0 }),
        client({ text: 'ghi', opcode: 0 }),
        client({ text: 'abc', fin: false }),
        client({ text: 'de', opcode: 0 }),
        ...CLOSING,
      ],
      { limits: { messageSize: 5 } },
    )
    expect(messages).toMatchObject([
      { incomplete: true, wireLength: 9, frames: [1, 2, 3] },
      { incomplete: false, wireLength: 5 },
    ])
    expect(messages.map(textOf)).toEqual(['abcde', 'abcde'])
    expect(codes).toEqual(['limit-reached'])
    expect(held).toBe(0)
  })

  it('all messages together keep to the budget, and give everything back', () => {
    const { messages, findings, held } = hear(
      [
        client({ payload: zeros(3000), opcode: 2, fin: false }),
        client({ payload: zeros(3000), opcode: 0, fin: false }),
        client({ payload: zeros(3000), opcode: 0 }),
        client({ payload: zeros(3000), opcode: 2 }),
        ...CLOSING,
      ],
      { limits: { waitingTotal: 7000 } },
    )
    expect(messages).toMatchObject([
      { incomplete: true, length: 6000, frames: [1, 2, 3] },
      { incomplete: false, length: 3000 },
    ])
    expect(findings.map(told)).toMatchObject([
      { code: 'limit-reached', frame: 3, message: expect.stringContaining('waitingTotal') },
    ])
    expect(held).toBe(0)
  })

  it('the limit holds for a message of endless empty fragments', () => {
    const steps: Step[] = [client({ fin: false })]
    for (let i = 0; i < 2000; i++) steps.push(client({ fin: false, opcode: 0 }))
    const { messages, codes, held } = hear([...steps, ...CLOSING], { limits: { waitingTotal: 8000 } })
    expect(messages[0]).toMatchObject({ incomplete: true })
    expect(messages[0]!.frames.length).toBeLessThan(600)
    expect(codes).toEqual(['limit-reached'])
    expect(held).toBe(0)
  })

  it('the limit is reported for a control frame, too, which is not a message', () => {
    const { messages, findings } = hear([client({ opcode: 10, payload: zeros(200) }), ...CLOSING], {
      limits: { messageSize: 150 },
    })
    expect(messages).toEqual([])
    expect(findings).toMatchObject([{ code: 'control-frame-too-long' }, { code: 'limit-reached', frame: 1 }])
  })

  it('the limit is reported for a frame that belongs to no message', () => {
    const payload = zeros(200)
    const { codes } = hear([client({ opcode: 3, payload }), client({ opcode: 0, payload }), ...CLOSING], {
      limits: { messageSize: 150 },
    })
    expect(codes).toEqual(['reserved-opcode', 'limit-reached', 'limit-reached', 'unexpected-continuation'])
  })
})

describe('any messages', () => {
  it('messages are what was sent, in any fragments, from both sides', () => {
    const fragment = fc.uint8Array({ maxLength: 30 })
    const sent = fc.record({
      from: fc.constantFrom('client', 'server'),
      fragments: fc.array(fragment, { minLength: 1, maxLength: 4 }),
    })
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 8 }), (all) => {
        const sides = { client: [] as Step[], server: [] as Step[] }
        for (const { from, fragments } of all) {
          const make = from === 'client' ? client : server
          fragments.forEach((payload, i) => {
            const step = make({ payload, opcode: i === 0 ? 2 : 0, fin: i === fragments.length - 1 })
            sides[from as 'client' | 'server'].push(step)
          })
        }
        const steps: Step[] = []
        for (let i = 0; i < 40; i++)
          steps.push(...[sides.client[i], sides.server[i]].filter((step) => step !== undefined))
        const { messages, codes, held } = hear([...steps, ...CLOSING])
        for (const side of ['client', 'server'] as const) {
          const expected = all.filter(({ from }) => from === side).map(({ fragments }) => concat(fragments))
          expect(messages.filter(({ from }) => from === side).map(({ data }) => data)).toEqual(expected)
        }
        expect(codes).toEqual([])
        expect(held).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})
