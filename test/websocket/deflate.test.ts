import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import type { Deflate, MessageEvent } from '../../src/base/events.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import { makeInflaterPool } from '../../src/conversation/inflater-pool.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { counting, hex, utf8, zeros } from '../support/builders/packet-builder.ts'
import { compressAlone, compressFinal, makeCompressor } from '../support/builders/websocket-compressor.ts'
import {
  CLOSING,
  client,
  cutInto,
  DEFLATE,
  type Heard,
  hear,
  PRELUDE,
  type Step,
  server,
  textOf,
} from '../support/drivers/websocket-conversation.ts'
import { makeWsSender, type Sent } from '../support/oracles/ws-sender.ts'

const MIB = 1024 * 1024

function agreed(clientTakeover: boolean, serverTakeover: boolean, clientBits = 15, serverBits = 15): Deflate {
  return {
    client: { contextTakeover: clientTakeover, windowBits: clientBits },
    server: { contextTakeover: serverTakeover, windowBits: serverBits },
  }
}

/** Compressed messages of the client, one over the window of those before. */
function compressed(texts: readonly string[], windowBits = 15): Step[] {
  const compress = makeCompressor(windowBits)
  return texts.map((text) => client({ rsv1: true, payload: compress(utf8(text)) }))
}

/** What each text message says, and how sure that is. */
function told(messages: readonly MessageEvent[]): string[] {
  return messages.map(
    (message) =>
      `${textOf(message) ?? 'nothing'}${message.incomplete ? ' …' : message.withoutContext ? ' *' : ''}`,
  )
}

describe('permessage-deflate', () => {
  it("the article's two frames are read, and a finding says what the lost byte of the second one costs", () => {
    const asked: Step = ['client', hex('c1 85 43 02 0a cf 71 36 3e cb 43')]
    const answer = 'c1 18 7a 36 a7 f7 69 d7 c2 a7 33 57 3c 9d 3d ef e9 ae 29 56 0a 86 86 86 00 00'
    const whole = hear([asked, ['server', hex(answer)]], { deflate: DEFLATE, end: 'capture' })
    expect(told(whole.messages)).toEqual(['111', '服务器回应: 111'])
    expect(whole.codes).toEqual([])

    const lost = hear([asked, ['server', hex(answer.replace(' ef', ''))]], {
      deflate: DEFLATE,
      end: 'capture',
    })
    expect(lost.messages).toMatchObject([
      { incomplete: false },
      { incomplete: true, compressed: true, wireLength: 24 },
    ])
    // Nobody can know which byte is missing: those after it come out of step, and are not UTF-8.
    expect(textOf(lost.messages[1])).toMatch(/^服务器/)
    expect(lost.codes).toEqual(['incomplete-frame', 'invalid-utf8'])
  })

  it('fragmented messages are read, compressed as a whole, with control frames and the other side between them', () => {
    const { messages, codes } = hear(
      [
        client({ rsv1: true, fin: false, payload: hex('f2 48 cd') }),
        client({ opcode: 9 }),
        server({ rsv1: true, fin: false, payload: new Uint8Array() }),
        server({ opcode: 10 }),
        client({ opcode: 0, payload: hex('c9 c9 07 00') }),
        server({ opcode: 0, payload: hex('f2 48 cd c9 c9 07 00'), fin: false }),
        server({ opcode: 0, payload: new Uint8Array() }),
        ...CLOSING,
      ],
      { deflate: DEFLATE },
    )
    expect(told(messages)).toEqual(['Hello', 'Hello'])
    expect(messages).toMatchObject([
      { wireLength: 7, compressed: true },
      { wireLength: 7, compressed: true },
    ])
    expect(codes).toEqual([])
  })

  it('uncompressed messages stay out of the window', () => {
    const compress = makeCompressor()
    const { messages, codes } = hear(
      [
        client({ rsv1: true, payload: compress(utf8('shared words')) }),
        client({ text: 'not compressed' }),
        client({ rsv1: true, payload: compress(utf8('shared words again')) }),
        ...CLOSING,
      ],
      { deflate: DEFLATE },
    )
    expect(told(messages)).toEqual(['shared words', 'not compressed', 'shared words again'])
    expect(messages.map(({ compressed }) => compressed)).toEqual([true, false, true])
    expect(codes).toEqual([])
  })

  it('the window outlives blocks with BFINAL set', () => {
    const { messages, codes } = hear(
      [
        client({ rsv1: true, payload: compressFinal(utf8('final one')) }),
        client({ rsv1: true, payload: hex('f2 48 cd c9 c9 07 00') }),
        client({ rsv1: true, payload: hex('f2 00 11 00 00') }),
        ...CLOSING,
      ],
      { deflate: DEFLATE },
    )
    expect(told(messages)).toEqual(['final one', 'Hello', 'Hello'])
    expect(codes).toEqual([])
  })

  it('the window is forgotten before each message of a side without context takeover, and only of that side', () => {
    const shared: Step[] = [
      client({ rsv1: true, payload: hex('f2 48 cd c9 c9 07 00') }),
      client({ rsv1: true, payload: hex('f2 00 11 00 00') }),
      server({ rsv1: true, payload: hex('f2 48 cd c9 c9 07 00') }),
      server({ rsv1: true, payload: hex('f2 00 11 00 00') }),
      ...CLOSING,
    ]
    const { messages, codes } = hear(shared, { deflate: agreed(false, true) })
    expect(told(messages)).toEqual(['Hello', 'H …', 'Hello', 'Hello'])
    expect(codes).toEqual(['inflate-error'])
  })

  it('an empty compressed message is an empty message', () => {
    const { messages, codes } = hear([client({ rsv1: true, payload: hex('00') }), ...CLOSING], {
      deflate: DEFLATE,
    })
    expect(messages).toMatchObject([
      { data: new Uint8Array(), length: 0, wireLength: 1, incomplete: false, isText: true },
    ])
    expect(codes).toEqual([])
  })
})

describe('what ws sends compressed', () => {
  const sent = fc.record({
    binary: fc.boolean(),
    compress: fc.boolean(),
    seed: fc.array(fc.constantFrom('{"type":"tick","price":', '服务器', 'a', '12345678', ''), {
      minLength: 1,
      maxLength: 6,
    }),
    times: fc.integer({ min: 0, max: 60 }),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
  })
  const bits = fc.integer({ min: 9, max: 15 })

  it('what ws sends compressed comes out as it was given, whatever was agreed on, and however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.boolean(), fc.boolean(), bits, bits),
        fc.array(fc.tuple(fc.constantFrom('client' as const, 'server' as const), sent), { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 }),
        async (parameters, all, lengths) => {
          const deflate = agreed(...parameters)
          const send = { client: makeWsSender('client', deflate), server: makeWsSender('server', deflate) }
          const steps: Step[] = []
          const expected = { client: [] as Uint8Array[], server: [] as Uint8Array[] }
          for (const [side, { binary, compress, seed, times, cuts }] of all) {
            const whole = utf8(seed.join('').repeat(times))
            const places = [
              0,
              ...cuts.map((cut) => Math.floor(cut * whole.length)).sort((a, b) => a - b),
              whole.length,
            ]
            const fragments = places.slice(1).map((end, i) => whole.subarray(places[i], end))
            const message: Sent = { binary, compress, fragments }
            steps.push([side, await send[side](message)])
            expected[side].push(whole)
          }
          for (const inflaters of [1, 256]) {
            const { messages, codes, held } = hear([...cutInto(steps, lengths), ...CLOSING], {
              deflate,
              limits: { inflaters },
            })
            expect(codes).toEqual([])
            for (const side of ['client', 'server'] as const) {
              const data = messages.filter(({ from }) => from === side).map((message) => message.data!)
              expect(data.length).toBe(expected[side].length)
              for (const [i, bytes] of data.entries())
                expect(Buffer.compare(bytes, expected[side][i]!)).toBe(0)
            }
            expect(messages.some(({ incomplete, withoutContext }) => incomplete || withoutContext)).toBe(
              false,
            )
            expect(held).toBe(0)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a lost window', () => {
  const texts = [
    '{"id":1,"name":"first"}',
    '{"id":2,"name":"second"}',
    'ZYXWVUTSRQPONM',
    'ZYXWVUTSRQPONM!',
    '{"id":3,"name":"third"}',
  ]

  /** The messages, with a hole where the last byte of one of them is. */
  const damaged = (steps: readonly Step[], index: number): Step[] =>
    steps.flatMap((step, i): Step[] => {
      const bytes = step[1] as Uint8Array
      return i === index
        ? [
            [step[0], bytes.slice(0, -1)],
            [step[0], { gap: 1 }],
          ]
        : [step]
    })

  it('messages that need a lost window give their first bytes, and the others are whole', () => {
    const { messages, codes, findings } = hear([...damaged(compressed(texts), 0), ...CLOSING], {
      deflate: DEFLATE,
    })
    expect(messages.map(({ incomplete, withoutContext }) => [incomplete, withoutContext])).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, true],
      [true, false],
    ])
    expect(told(messages).slice(2, 4)).toEqual(['ZYXWVUTSRQPONM *', 'ZYXWVUTSRQPONM! *'])
    for (const [i, message] of messages.entries())
      expect(texts[i]!.startsWith(textOf(message) ?? '')).toBe(true)
    expect(codes).toEqual(['incomplete-frame', 'inflate-context-lost', 'inflate-context-lost'])
    expect(findings[1]).toMatchObject({ from: 'client', frame: 2, severity: 'capture' })
    expect(sentenceOf(findings[1]!)).toMatch(/sure: it refers back to bytes before it that are lost\.$/)
  })

  it('a lost window costs nothing on a side without context takeover', () => {
    const steps = texts.map((text) => client({ rsv1: true, payload: compressAlone(utf8(text)) }))
    const { messages, codes } = hear([...damaged(steps, 1), ...CLOSING], { deflate: agreed(false, true) })
    expect(messages.map(({ incomplete }) => incomplete)).toEqual([false, true, false, false, false])
    expect(messages.some(({ withoutContext }) => withoutContext)).toBe(false)
    expect(codes).toEqual(['incomplete-frame'])
  })

  it('a lost window costs the other direction nothing', () => {
    const compress = makeCompressor()
    const answers = texts.map((text) => server({ rsv1: true, payload: compress(utf8(text)) }))
    const asked = damaged(compressed(texts), 0)
    const { messages } = hear([...asked, ...answers, ...CLOSING], { deflate: DEFLATE })
    expect(told(messages.filter(({ from }) => from === 'server'))).toEqual(texts)
  })

  it('an inflate error loses the window, too', () => {
    const [first, second, ...rest] = compressed(texts)
    const broken = client({ rsv1: true, payload: hex('06 00') })
    const { messages, codes } = hear([first!, broken, second!, ...rest, ...CLOSING], { deflate: DEFLATE })
    expect(told(messages)[0]).toBe(texts[0])
    expect(messages.map(({ incomplete }) => incomplete)).toEqual([false, true, true, false, false, true])
    expect(codes).toEqual(['inflate-error', 'inflate-context-lost', 'inflate-context-lost'])
  })

  it('a window is whole again once as many sure bytes have passed as it holds', () => {
    const filling = counting(600).map((byte, i) => (byte * 7 + i * i) % 251)
    const compress = makeCompressor(9)
    const payloads = [utf8('lost'), filling, utf8('lost'), utf8('and found')].map(compress)
    const steps = payloads.map((payload) => client({ rsv1: true, opcode: 2, payload }))
    const { messages } = hear([...damaged(steps, 0), ...CLOSING], { deflate: agreed(true, true, 9, 9) })
    expect(messages.map(({ withoutContext }) => withoutContext)).toEqual([false, true, false, false])
    expect(messages.map(({ incomplete }) => incomplete)).toEqual([true, false, false, false])
  })

  it('a lost window never makes a byte sure that is not', () => {
    const word = fc.constantFrom('alpha ', 'beta ', 'gamma ', 'delta ', '{"key":', '}', 'x')
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 25 }),
        fc.array(fc.nat(24), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 9, max: 15 }),
        (all, holes, windowBits) => {
          const original = all.map((words) => words.join(''))
          let steps: Step[] = compressed(original, windowBits)
          for (const hole of [...new Set(holes)].sort((a, b) => b - a))
            if (hole < steps.length) steps = damaged(steps, hole)
          const { messages, held } = hear([...steps, ...CLOSING], {
            deflate: agreed(true, true, windowBits, windowBits),
          })
          expect(messages.length).toBe(original.length)
          for (const [i, message] of messages.entries()) {
            const text = textOf(message) ?? ''
            if (message.incomplete) expect(original[i]!.startsWith(text)).toBe(true)
            else expect(text).toBe(original[i])
          }
          expect(held).toBe(0)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('compression without a handshake', () => {
  const hearMidstream = (steps: readonly Step[]): Heard => {
    const heard = hear([...PRELUDE, ...steps, ...CLOSING], { midstream: true })
    return { ...heard, messages: heard.messages.slice(PRELUDE.length) }
  }

  it('RSV1 is taken for compression if the message inflates', () => {
    const { messages, codes } = hearMidstream([...compressed(['Hello', 'Hello']), client({ text: 'plain' })])
    expect(messages.map(textOf)).toEqual(['Hello', 'Hello', 'plain'])
    expect(messages.map(({ compressed }) => compressed)).toEqual([true, true, false])
    expect(codes).toEqual([])
  })

  it('RSV1 is taken for compression if only the request was captured, too', () => {
    const { messages, codes } = hear([...compressed(['Hello', 'Hello']), ...CLOSING], {
      extensionsKnown: false,
    })
    expect(told(messages)).toEqual(['Hello', 'Hello'])
    expect(codes).toEqual([])
  })

  it('a message that needs nothing of a window that was never seen is given', () => {
    const { messages, codes } = hearMidstream(compressed(['Hello there', 'Hello again', 'XYZ']).slice(1))
    expect(told(messages)).toEqual([expect.stringMatching(/ …$/), 'XYZ *'])
    expect(codes).toEqual(['inflate-context-lost'])
  })

  it('a finding says that RSV1 has no meaning if the message does not inflate', () => {
    const { messages, codes, findings } = hearMidstream([
      client({ rsv1: true, text: 'Hello' }),
      client({ text: 'a' }),
    ])
    expect(messages).toMatchObject([
      { compressed: false, incomplete: false, data: utf8('Hello') },
      { compressed: false },
    ])
    expect(codes).toEqual(['rsv-without-extension'])
    expect(findings[0]).toMatchObject({ frame: PRELUDE.length + 1 })
  })

  it('a finding says that a message does not inflate, once it is known that messages are compressed', () => {
    const { codes } = hearMidstream([...compressed(['Hello']), server({ rsv1: true, text: 'Hello' })])
    expect(codes).toEqual(['inflate-error'])
  })
})

describe('the limits on inflating', () => {
  it('a bomb is stopped, a finding says so, and what needs no window is read on', () => {
    const compress = makeCompressor()
    const bomb = client({ rsv1: true, opcode: 2, payload: compress(zeros(3 * MIB)) })
    const after = client({ rsv1: true, payload: compress(utf8('small')) })
    const { messages, codes, findings, held } = hear([bomb, after, ...CLOSING], {
      deflate: DEFLATE,
      limits: { inflateSize: MIB },
    })
    expect(messages).toMatchObject([
      { incomplete: true, length: MIB },
      { incomplete: false, withoutContext: true },
    ])
    expect(codes).toEqual(['limit-reached'])
    expect(sentenceOf(findings[0]!)).toMatch(
      /^The message's \d+ bytes inflate to more than 1048576 bytes \(limit inflateSize\)/,
    )
    expect(held).toBe(0)
  })

  it('a compressed message that is too long on the wire is cut, and its first bytes are given', () => {
    const message = 'abcdefghijklmnopqrstuvwxyz0123456789'
    const { messages, codes } = hear([...compressed([message]), ...CLOSING], {
      deflate: DEFLATE,
      limits: { messageSize: 20 },
    })
    expect(messages).toMatchObject([{ incomplete: true, compressed: true }])
    expect(message.startsWith(textOf(messages[0])!)).toBe(true)
    expect(messages[0]!.length).toBeGreaterThan(10)
    expect(codes).toEqual(['limit-reached'])
  })

  it('a budget without room costs windows, and a finding says so', () => {
    const limits = { inflaters: 1, waitingTotal: 1200 }
    const budget = new Budget(limits.waitingTotal)
    const compress = { client: makeCompressor(), server: makeCompressor() }
    const text = 'a text of some length, with no word twice in it'
    const steps: Step[] = []
    for (let i = 0; i < 3; i++) {
      steps.push(client({ rsv1: true, payload: compress.client(utf8(`${text} ${i}`)) }))
      steps.push(server({ rsv1: true, payload: compress.server(utf8(`${text} ${i}`)) }))
    }
    const { messages, codes, findings } = hear([...steps, ...CLOSING], {
      deflate: DEFLATE,
      budget,
      makeInflater: makeInflaterPool(limitsWith(limits), budget, nodePlatform),
    })
    expect(messages.slice(0, 2).map(textOf)).toEqual([`${text} 0`, `${text} 0`])
    expect(codes.length).toBeGreaterThan(0)
    expect(new Set(codes)).toEqual(new Set(['inflate-context-lost']))
    expect(sentenceOf(findings[0]!)).toContain('limit waitingTotal')
    for (const [i, message] of messages.entries()) {
      expect(`${text} ${Math.floor(i / 2)}`.startsWith(textOf(message) ?? '')).toBe(true)
    }
    expect(budget.held).toBe(0)
  })

  it('two connections that share one inflate stream give the same results', () => {
    const texts = Array.from(
      { length: 30 },
      (_, i) => `{"number":${i},"text":"the same words again and again"}`,
    )
    const conversation = [...compressed(texts), ...CLOSING]
    const limits = { inflaters: 1 }
    const budget = new Budget(limitsWith(limits).waitingTotal)
    const makeInflater = makeInflaterPool(limitsWith(limits), budget, nodePlatform)
    const alone = hear(conversation, { deflate: DEFLATE })
    // The second connection speaks its whole part inside the first one, between any two of its messages.
    let nested = 0
    const both = hear(conversation, {
      deflate: DEFLATE,
      budget,
      makeInflater: (windowBits) => {
        const own = makeInflater(windowBits)
        return {
          reset: () => own.reset(),
          close: () => own.close(),
          passBy: (message) => own.passBy(message),
          setAside: () => own.setAside(),
          recall: (...given) => own.recall(...given),
          inflate(payload, maxLength) {
            if (nested++ % 10 === 0) {
              const inner = hear(conversation, { deflate: DEFLATE, budget, makeInflater })
              expect(inner.messages).toEqual(alone.messages)
            }
            return own.inflate(payload, maxLength)
          },
        }
      },
    })
    expect(told(both.messages)).toEqual(texts)
    expect(nested).toBe(30)
    expect(concat(both.messages.map(({ data }) => data!))).toEqual(
      concat(alone.messages.map(({ data }) => data!)),
    )
    expect(budget.held).toBe(0)
  })
})
