import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import type { AnalysisEvent } from '../../src/base/events.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import { makeInflaterPool } from '../../src/conversation/inflater-pool.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { WebSocketConnection } from '../../src/websocket/connection.ts'
import { hex, utf8, zeros } from '../support/builders/packet-builder.ts'
import { chunkOf, endOf, gapOf } from '../support/builders/stream-items.ts'
import { compressAlone, makeCompressor } from '../support/builders/websocket-compressor.ts'
import { told } from '../support/drivers/told-finding.ts'
import {
  CLOSING,
  client,
  closeBody,
  cutInto,
  DEFLATE,
  hear,
  PRELUDE,
  type Step,
  server,
  textOf,
} from '../support/drivers/websocket-conversation.ts'

const closeFrame = (code: number, reason = ''): { opcode: number; payload: Uint8Array } => ({
  opcode: 8,
  payload: closeBody(code, reason),
})

describe('the frames of a connection', () => {
  it('frames are numbered in the order in which they were completed, over both directions', () => {
    const long = client({ text: 'a long one' })
    const [from, bytes] = long as [Step[0], Uint8Array]
    const { frames } = hear([
      [from, bytes.slice(0, 9)],
      server({ text: 'short' }),
      [from, bytes.slice(9)],
      ...CLOSING,
    ])
    expect(
      frames.map(({ frame, from, firstPacket, lastPacket }) => [frame, from, firstPacket, lastPacket]),
    ).toEqual([
      [1, 'server', 2, 2],
      [2, 'client', 1, 3],
      [3, 'client', 4, 4],
      [4, 'server', 5, 5],
    ])
  })

  it('a frame comes before its findings, these before the message, and the message before its own findings', () => {
    const { events } = hear([
      client({ maskingKey: undefined, payload: hex('ff') }),
      server({ text: 'a' }),
      ...CLOSING,
    ])
    const names = events.map((event) => (event.type === 'finding' ? event.code : event.type))
    expect(names.slice(0, 6)).toEqual([
      'frame',
      'unmasked-client-frame',
      'message',
      'invalid-utf8',
      'frame',
      'message',
    ])
  })

  it('frames are decoded one at a time', () => {
    const events: AnalysisEvent[] = []
    const limits = limitsWith()
    const connection = new WebSocketConnection({
      connection: 7,
      deflate: null,
      midstream: false,
      limits,
      budget: new Budget(limits.waitingTotal),
      makeInflater: () => {
        throw new Error('nothing is compressed')
      },
      emit: (event) => events.push(event),
    })
    const bytes = concat([client({ text: 'a' }), client({ text: 'b' })].map(([, what]) => what as Uint8Array))
    connection.push('client', {
      kind: 'chunk',
      bytes,
      start: 0,
      end: bytes.length,
      packet: 1,
      released: 1,
      time: undefined,
      segmentStart: true,
    })
    expect(connection.next()).toBe(true)
    expect(events.map(({ type }) => type)).toEqual(['frame', 'message'])
    expect(connection.next()).toBe(false)
    expect(events.map(({ type }) => type)).toEqual(['frame', 'message', 'frame', 'message'])
    expect(connection.next()).toBe(false)
    connection.end()
    expect(events.at(-1)).toMatchObject({ type: 'closed', connection: 7, how: 'open' })
  })
})

describe('a frame event', () => {
  it('says which message a data frame belongs to, and names it on the frame that completes it', () => {
    const { frames, messages } = hear([
      client({ text: 'one, ', fin: false }),
      server({ text: 'whole' }),
      client({ opcode: 9 }),
      client({ opcode: 0, text: 'two' }),
      ...CLOSING,
    ])
    expect(frames.map(({ part }) => part && [part.opcode, part.number])).toEqual([
      [1, 1],
      [1, 1],
      undefined,
      [1, 2],
      undefined,
      undefined,
    ])
    expect(frames.map(({ message }) => message)).toEqual([undefined, 1, undefined, 2, undefined, undefined])
    expect(messages.map(({ message, frames }) => [message, frames])).toEqual([
      [1, [2]],
      [2, [1, 4]],
    ])
  })

  it('counts the message that it interrupts before its own', () => {
    const { frames, messages } = hear([
      server({ text: 'never ended', fin: false }),
      server({ text: 'new' }),
      ...CLOSING,
    ])
    expect(frames[1]!.message).toBe(2)
    expect(messages.map(({ message, incomplete }) => [message, incomplete])).toEqual([
      [1, true],
      [2, false],
    ])
  })

  it('counts the fragments of a message whose beginning was not seen, and knows no opcode of it', () => {
    const { frames } = hear([server({ opcode: 0, fin: false }), server({ opcode: 0 }), ...CLOSING])
    expect(frames.slice(0, 2).map(({ part, message }) => [part, message])).toEqual([
      [{ opcode: undefined, number: 1, compressed: false }, undefined],
      [{ opcode: undefined, number: 2, compressed: false }, undefined],
    ])
  })

  it('names the pings that a pong answers: its own and all earlier ones', () => {
    const { frames } = hear([
      client({ opcode: 9, text: 'a' }),
      client({ opcode: 9, text: 'b' }),
      server({ opcode: 10, text: 'b' }),
      server({ opcode: 10, text: 'unasked' }),
      ...CLOSING,
    ])
    expect(frames[2]!.answers?.map(({ frame }) => frame)).toEqual([1, 2])
    expect(frames[3]!.answers).toBeUndefined()
  })
})

describe('the end of a connection', () => {
  it.each([
    {
      name: 'clean, where both sides sent a close frame',
      steps: [client({ text: 'a' }), server(closeFrame(1001, 'going')), client(closeFrame(1000, 'well'))],
      closed: { how: 'clean', code: 1001, reason: 'going', initiator: 'server', lastPacket: 3 },
    },
    {
      name: 'with one close frame',
      steps: [client({ text: 'a' }), client(closeFrame(4000)), server({ text: 'b' })],
      closed: { how: 'close-frame-only', code: 4000, reason: '', initiator: 'client', lastPacket: 2 },
    },
    {
      name: 'with a close frame that has no body',
      steps: [server({ opcode: 8 }), client(closeFrame(1000))],
      closed: { how: 'clean', code: null, reason: null, initiator: 'server', lastPacket: 2 },
    },
    {
      name: 'with a close frame of one byte',
      steps: [server({ opcode: 8, payload: hex('03') }), client({ opcode: 8 })],
      closed: { how: 'clean', code: null, reason: null, initiator: 'server', lastPacket: 2 },
    },
    {
      name: 'with a second close frame of the same side',
      steps: [client(closeFrame(1000)), client(closeFrame(1001))],
      closed: { how: 'close-frame-only', code: 1000, initiator: 'client', lastPacket: 1 },
    },
    {
      name: 'by FIN',
      steps: [
        client({ text: 'a' }),
        server(),
        ['server', { end: 'fin' }],
        client(),
        ['client', { end: 'fin' }],
      ],
      closed: { how: 'tcp-fin', code: null, reason: null, initiator: 'server', lastPacket: 5 },
    },
    {
      name: 'by FIN of one side only',
      steps: [client({ text: 'a' }), server(), ['client', { end: 'fin' }], ['server', { end: 'capture' }]],
      closed: { how: 'tcp-fin', initiator: 'client', lastPacket: 3 },
    },
    {
      name: 'by a reset',
      steps: [client({ text: 'a' }), server(), ['server', { end: 'reset' }], ['client', { end: 'reset' }]],
      closed: { how: 'tcp-reset', initiator: 'server', lastPacket: 4 },
    },
    {
      name: 'by a reset after a FIN',
      steps: [client({ text: 'a' }), server(), ['client', { end: 'fin' }], ['server', { end: 'reset' }]],
      closed: { how: 'tcp-reset', initiator: 'client', lastPacket: 4 },
    },
    {
      name: 'open, where the capture ended before it',
      steps: [client({ text: 'a' }), ['server', { end: 'capture' }], ['client', { end: 'capture' }]],
      closed: { how: 'open', code: null, reason: null, initiator: null, lastPacket: 3 },
    },
    {
      name: 'open, where framewalk gave it up',
      steps: [client({ text: 'a' }), ['server', { end: 'limit' }], ['client', { end: 'limit' }]],
      closed: { how: 'open', initiator: null },
    },
  ] satisfies { name: string; steps: Step[]; closed: object }[])(
    'a connection ends: $name',
    ({ steps, closed }) => {
      const heard = hear(steps)
      expect(heard.closed).toMatchObject(closed)
      expect(heard.closed.time).toEqual({ seconds: heard.closed.lastPacket, nanoseconds: 0 })
      expect(heard.events.filter(({ type }) => type === 'closed')).toHaveLength(1)
      expect(heard.events.at(-1)).toBe(heard.closed)
    },
  )

  it('of a close reason longer than any may be, no more is kept until the end than the budget has room for', () => {
    const long = server({ opcode: 8, payload: closeBody(1000, 'ü'.repeat(2000)) })
    const whole = hear([long])
    expect([whole.closed.reason, whole.held]).toEqual(['ü'.repeat(2000), 0])
    const cut = hear([long], { limits: { waitingTotal: 7000 } })
    expect([cut.closed.code, cut.closed.reason, cut.held]).toEqual([1000, 'ü'.repeat(61), 0])
    expect(cut.frames[0]!.close?.reason).toBe('ü'.repeat(2000))
    expect(cut.codes).toEqual(['control-frame-too-long', 'limit-reached'])
    expect(sentenceOf(cut.findings[1]!)).toContain('limit waitingTotal')
    const other = client(closeFrame(1001))
    expect(hear([long, other], { limits: { waitingTotal: 7000 } }).held).toBe(0)
  })

  it('a connection that was dropped ends without an end of its streams', () => {
    const limits = limitsWith()
    const budget = new Budget(limits.waitingTotal)
    const events: AnalysisEvent[] = []
    const emit = (event: AnalysisEvent): number => events.push(event)
    const makeInflater = (): never => {
      throw new Error('nothing is compressed')
    }
    const connection = new WebSocketConnection({
      connection: 1,
      deflate: null,
      midstream: false,
      limits,
      budget,
      makeInflater,
      emit,
    })
    const [, bytes] = client({ payload: zeros(5000), opcode: 2 }) as [string, Uint8Array]
    const chunk = {
      kind: 'chunk',
      bytes,
      start: 0,
      end: 3000,
      packet: 4,
      released: 4,
      time: undefined,
      segmentStart: true,
    } as const
    connection.push('client', chunk)
    while (connection.next());
    expect(budget.held).toBeGreaterThan(0)
    connection.end()
    expect(budget.held).toBe(0)
    expect(events.map((event) => (event.type === 'finding' ? event.code : event.type))).toEqual([
      'frame',
      'incomplete-frame',
      'message',
      'closed',
    ])
    expect(events.at(-1)).toMatchObject({ how: 'open', lastPacket: 4 })
  })
})

describe('a frame that is cut', () => {
  const [from, bytes] = client({ text: 'abcdefghij' }) as [Step[0], Uint8Array]

  it.each([
    [
      'fin',
      'The client ended its side of the TCP connection (FIN) inside a text frame: the capture holds 4 of the 10 bytes of its payload.',
    ],
    [
      'reset',
      'The TCP connection was reset (RST) inside a text frame: the capture holds 4 of the 10 bytes of its payload.',
    ],
    ['capture', 'The capture ends inside a text frame: the capture holds 4 of the 10 bytes of its payload.'],
    [
      'limit',
      'The connection was given up (limit connections or webSockets) inside a text frame: the capture holds 4 of the 10 bytes of its payload.',
    ],
  ] as const)('a frame cut by %s is found and reported', (end, sentence) => {
    const { findings, messages } = hear([[from, bytes.slice(0, 10)]], { end })
    expect(told(findings[0]!)).toMatchObject({
      code: 'incomplete-frame',
      frame: 1,
      from: 'client',
      message: sentence,
    })
    expect(messages).toMatchObject([{ incomplete: true, length: 4 }])
  })

  it.each([
    [
      'fin',
      "The client ended its side of the TCP connection (FIN) after 5 bytes of a frame's header, at byte 0 of the client's stream.",
    ],
    ['capture', "The capture ends after 5 bytes of a frame's header, at byte 0 of the client's stream."],
  ] as const)('a frame cut in its header by %s is found and reported', (end, sentence) => {
    const { findings, frames } = hear([[from, bytes.slice(0, 5)]], { end })
    expect(frames).toEqual([])
    expect(told(findings[0]!)).toMatchObject({
      code: 'incomplete-frame',
      frame: undefined,
      from: 'client',
      message: sentence,
    })
  })

  it('a frame cut by holes has them named', () => {
    const { findings } = hear([
      [from, bytes.slice(0, 8)],
      [from, { gap: 3 }],
      [from, bytes.slice(11, 13)],
      [from, { gap: 1 }],
      [from, bytes.slice(14)],
      ...CLOSING,
    ])
    expect(findings.map(sentenceOf)).toEqual([
      'A hole in the capture cuts a text frame: the capture holds 6 of the 10 bytes of its payload; missing: 2 to 4, 7 (counted from 0).',
    ])
  })

  it('the code of a cut close frame is given only if it is sure', () => {
    const [, close] = client(closeFrame(1000, 'because')) as [string, Uint8Array]
    const inReason = hear([
      ['client', close.slice(0, 11)],
      ['client', { gap: 2 }],
      ['client', close.slice(13)],
      server({ opcode: 8 }),
    ])
    expect(inReason.closed).toMatchObject({ how: 'clean', code: 1000, reason: 'bec' })
    expect(inReason.codes).toEqual(['incomplete-frame'])
    const inCode = hear([
      ['client', close.slice(0, 7)],
      ['client', { gap: 1 }],
      ['client', close.slice(8)],
      server({ opcode: 8 }),
    ])
    expect(inCode.closed).toMatchObject({ how: 'clean', code: null, reason: null, initiator: 'client' })
    expect(inCode.codes).toEqual(['incomplete-frame'])
  })
})

describe('after a hole', () => {
  const chat = (count: number): Step[] =>
    Array.from({ length: count }, (_, i) =>
      client({ text: `{"number":${i},"text":"${'some words '.repeat(i % 7)}"}` }),
    )
  const GAP: Step = ['client', { gap: 50 }]
  const ANSWER_GAP: Step = ['server', { gap: 50 }]
  const answers = chat(12).map(([, what], i) =>
    server({ text: `${i} ${'some words '.repeat(i % 5)} ${(what as Uint8Array).length}` }),
  )

  it('frames are found again after a hole, and the message that was open is incomplete', () => {
    const { codes, messages, findings } = hear([
      client({ text: 'open', fin: false }),
      GAP,
      ...chat(12),
      ...CLOSING,
    ])
    expect(codes).toEqual(['resynchronized'])
    expect(sentenceOf(findings[0]!)).toMatch(
      /^Frames of the client are sure from byte 60 of its stream on \(confidence [01]\.\d+\); no byte was passed over\.$/,
    )
    expect(messages.map(({ incomplete }) => incomplete)).toEqual([true, ...chat(12).map(() => false)])
  })

  it('a continuation whose beginning is lost blames nobody, and the next one does', () => {
    const steps = [client({ text: 'a' }), GAP, ...chat(12).slice(1)]
    const lost = hear([
      ...steps.slice(0, 2),
      client({ opcode: 0, text: 'the end of something lost' }),
      ...steps.slice(2),
      ...CLOSING,
    ])
    expect(lost.codes).toEqual(['resynchronized'])
    expect(lost.frames.filter(({ opcode }) => opcode === 0)).toHaveLength(1)
    const after = hear([...steps, client({ opcode: 0, text: 'of nothing' }), ...CLOSING])
    expect(after.codes).toEqual(['resynchronized', 'unexpected-continuation'])
  })

  it('a pong or a ping that may be lost blames nobody', () => {
    const asked = [server({ opcode: 9, text: 'seen' }), client({ text: 'a' })]
    const lostPong = hear([...asked, GAP, ...chat(12), ...CLOSING])
    expect(lostPong.codes).toEqual(['resynchronized'])
    const lostPing = hear([
      server(),
      ANSWER_GAP,
      ...answers,
      client({ opcode: 10, text: 'of a lost ping' }),
      ...CLOSING,
    ])
    expect(lostPing.codes).toEqual(['resynchronized'])
    const afterwards = hear([
      server(),
      ANSWER_GAP,
      ...answers,
      server({ opcode: 9, text: 'a' }),
      client({ opcode: 10, text: 'a' }),
      server({ opcode: 9, text: 'b' }),
      client({ opcode: 10, text: 'another' }),
      ...CLOSING,
    ])
    expect(afterwards.codes).toEqual(['resynchronized', 'unsolicited-pong-payload', 'unanswered-ping'])
  })

  it('a close frame that may be lost blames nobody', () => {
    expect(hear([client({ text: 'a' }), server(), GAP]).codes).toEqual([])
    expect(hear([client({ text: 'a' }), server(), GAP, ...chat(12)]).codes).toEqual([
      'resynchronized',
      'no-close-frame',
    ])
  })

  it('a finding says that nothing is sure after a hole', () => {
    const { findings, held } = hear([client({ text: 'a' }), GAP, ['client', zeros(9)]], { end: 'capture' })
    expect(findings.map(told)).toMatchObject([
      {
        code: 'incomplete-frame',
        frame: undefined,
        from: 'client',
        message: "9 bytes from byte 57 of the client's stream on belong to no frame that is sure.",
      },
    ])
    expect(held).toBe(0)
  })
})

describe('a connection without a handshake', () => {
  it('nobody is blamed for what may have come before the capture', () => {
    const { codes } = hear(
      [
        client({ opcode: 0, text: 'the end of something' }),
        ...PRELUDE,
        client({ opcode: 10, text: 'of a ping before' }),
        server({ opcode: 9, text: 'of now' }),
        client({ opcode: 10, text: 'of now' }),
        ...CLOSING,
      ],
      { midstream: true },
    )
    expect(codes.filter((code) => code !== 'resynchronized')).toEqual([])
  })

  it('a side of which nothing was captured is not blamed', () => {
    const asked = PRELUDE.filter(([from]) => from === 'client')
    const steps: Step[] = [
      ...asked,
      client({ opcode: 9 }),
      ['client', { end: 'fin' }],
      ['server', { end: 'capture' }],
    ]
    expect(hear(steps, { midstream: true }).codes).toEqual([])
  })

  it('a finding says how many bytes came before the first sure frame', () => {
    const { findings } = hear([['client', utf8('x'.repeat(40))], ...PRELUDE, ...CLOSING], { midstream: true })
    expect(findings[0]).toMatchObject({ code: 'resynchronized', from: 'client' })
    expect(sentenceOf(findings[0]!)).toContain('40 bytes were passed over.')
  })
})

describe('pings and pongs', () => {
  it('a ping after a close frame of the other side needs no answer', () => {
    const { codes } = hear([client(closeFrame(1000)), server({ opcode: 9 }), server(closeFrame(1000))])
    expect(codes).toEqual([])
  })

  it('pings are not judged if the connection goes on, or is being closed', () => {
    const asked = [server({ opcode: 9 }), client()]
    expect(hear(asked, { end: 'capture' }).codes).toEqual([])
    expect(hear([...asked, server(closeFrame(1000))], { end: 'capture' }).codes).toEqual([])
    expect(hear([...asked, server(closeFrame(1000))]).codes).toEqual(['unanswered-ping'])
  })

  it('any number of pings may wait, within bounds', () => {
    const steps = Array.from({ length: 500 }, (_, i) => server({ opcode: 9, text: `${i}` }))
    const { codes, held } = hear([...steps, ...CLOSING], { limits: { waitingTotal: 100_000 } })
    expect(new Set(codes)).toEqual(new Set(['unanswered-ping']))
    expect(codes.length).toBeLessThanOrEqual(64)
    expect(held).toBe(0)
    const answered = hear([...steps, client({ opcode: 10, text: '499' }), ...CLOSING])
    expect(answered.codes).toEqual([])
  })
})

describe('the memory of pings', () => {
  it('a ping that waits counts for its payload and for what its memory takes beside that', () => {
    const payload = (i: number) => zeros(65).fill(i)
    const steps = Array.from({ length: 64 }, (_, i) => server({ opcode: 9, payload: payload(i) }))
    const judged = (waitingTotal: number) =>
      hear([...steps, ...CLOSING], { limits: { waitingTotal } }).codes.length
    expect(judged(64 * 1024)).toBe(64)
    expect(judged(20_000)).toBeLessThan(20_000 / 500)
  })
})

describe('a whole conversation', () => {
  const compress = { client: makeCompressor(), server: makeCompressor() }
  const steps: Step[] = [
    client({ rsv1: true, payload: compress.client(utf8('first, and first again')) }),
    server({ opcode: 9, text: 'ping' }),
    client({ rsv1: true, fin: false, payload: compress.client(utf8('first, fragmented')).subarray(0, 4) }),
    client({ opcode: 10, text: 'ping' }),
    server({ rsv1: true, payload: compress.server(utf8('服务器回应: first')) }),
    client({ opcode: 0, payload: zeros(200) }),
    server({ opcode: 5, rsv2: true, text: 'reserved' }),
    server({ text: 'unmasked', maskingKey: 5 }),
    client({ payload: hex('61 ff'), opcode: 1 }),
    client({ opcode: 2, payload: zeros(300), lengthForm: 64 }),
    server({ rsv1: true, payload: compressAlone(utf8('服务器回应: second')) }),
    ...CLOSING,
  ]
  /** Without packets and times, and in the order of each side: what is cut elsewhere completes elsewhere. */
  const essence = (events: readonly AnalysisEvent[]): unknown[] =>
    (['client', 'server', undefined] as const).map((side) =>
      events
        .filter((event) => ('from' in event ? event.from : undefined) === side)
        .map(({ ...event }) => {
          for (const key of ['firstPacket', 'lastPacket', 'time', 'frame', 'frames', 'message', 'answers']) {
            if (key !== 'message' || event.type !== 'finding') delete (event as Record<string, unknown>)[key]
          }
          return event
        }),
    )
  const whole = hear(steps, { deflate: DEFLATE })

  it('a whole conversation has the events it should have', () => {
    expect(whole.codes).toEqual([
      'inflate-error',
      'reserved-opcode',
      'rsv-without-extension',
      'masked-server-frame',
      'invalid-utf8',
      'non-minimal-length',
    ])
    expect(textOf(whole.messages.at(-1))).toBe('服务器回应: second')
  })

  it('a whole conversation is the same however its bytes are cut', () => {
    const expected = essence(whole.events)
    for (const length of [1, 2, 3, 5, 7, 11, 13, 17]) {
      expect(essence(hear(cutInto(steps, [length]), { deflate: DEFLATE }).events)).toEqual(expected)
    }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 8 }), (lengths) => {
        expect(essence(hear(cutInto(steps, lengths), { deflate: DEFLATE }).events)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('a conversation gives back what it held, wherever it is cut off, and however small the budget is', () => {
    const bytes = cutInto(steps, [9])
    for (let length = 0; length <= bytes.length; length += 3) {
      for (const waitingTotal of [100, 2000, 100_000]) {
        const { held, events } = hear(bytes.slice(0, length), {
          deflate: DEFLATE,
          limits: { waitingTotal },
          end: 'capture',
        })
        expect(held).toBe(0)
        expect(events.at(-1)?.type).toBe('closed')
      }
    }
  })

  it('a conversation never throws, whatever the bytes and holes are', () => {
    const from = fc.constantFrom('client' as const, 'server' as const)
    const headerLike = fc
      .tuple(
        fc.nat(255),
        fc.constantFrom(0x00, 0x01, 0x80, 0x85, 0xfe, 0x7e, 0xff, 0x7f),
        fc.uint8Array({ maxLength: 30 }),
      )
      .map(([first, second, rest]) => Uint8Array.of(first, second, ...rest))
    const what = fc.oneof(
      { weight: 3, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 60 }) },
      { weight: 5, arbitrary: headerLike },
      { weight: 5, arbitrary: fc.constantFrom(...steps.map(([, bytes]) => bytes as Uint8Array)) },
      { weight: 1, arbitrary: fc.record({ gap: fc.constantFrom(1, 5, 1000, 2 ** 40) }) },
    )
    const end = fc.constantFrom('fin' as const, 'reset' as const, 'capture' as const, 'limit' as const)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(from, what), { maxLength: 20 }),
        fc.boolean(),
        fc.boolean(),
        end,
        (random, midstream, deflate, end) => {
          const heard = hear(random, {
            midstream,
            deflate: deflate ? DEFLATE : null,
            end,
            limits: { messageSize: 200, inflateSize: 500 },
          })
          expect(heard.held).toBe(0)
          expect(heard.frames.map(({ frame }) => frame)).toEqual(heard.frames.map((_, i) => i + 1))
          expect(heard.messages.map(({ message }) => message)).toEqual(heard.messages.map((_, i) => i + 1))
          for (const { data, length } of heard.messages) expect(data?.length ?? 0).toBe(length)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('a direction that is read late because it waited after a hole', () => {
  /** What a connection makes of items of given packets, in this order. */
  const hearPackets = (steps: ReadonlyArray<readonly [packet: number, step: Step]>) => {
    const events: AnalysisEvent[] = []
    const limits = limitsWith()
    const budget = new Budget(limits.waitingTotal)
    const connection = new WebSocketConnection({
      connection: 1,
      deflate: null,
      midstream: false,
      limits,
      budget,
      makeInflater: makeInflaterPool(limits, budget, nodePlatform),
      emit: (event) => events.push(event),
    })
    for (const [packet, [from, what]] of steps) {
      connection.push(
        from,
        'end' in what
          ? endOf(what.end, packet)
          : 'gap' in what
            ? gapOf(what.gap, packet)
            : chunkOf(what, packet),
      )
      while (connection.next());
    }
    connection.end()
    const codes = events.flatMap((event) => (event.type === 'finding' ? [event.code] : []))
    return { codes, closed: events.find((event) => event.type === 'closed'), held: budget.held }
  }
  const ping = (text: string) => server({ opcode: 9, text })
  const pong = (text: string) => client({ opcode: 10, text })
  const ends: (readonly [number, Step])[] = [
    [90, ['client', { end: 'capture' }]],
    [90, ['server', { end: 'fin' }]],
  ]
  it('pings read late are answered by the pongs that were read before them', () => {
    const { codes, held } = hearPackets([
      [5, ping('seen')],
      [7, pong('late')],
      [6, ping('late')],
      [20, client(closeFrame(1000))],
      [21, server(closeFrame(1000))],
      ...ends,
    ])
    expect(codes).toEqual([])
    expect(held).toBe(0)
  })

  it('pings read late are answered by pongs that were recorded a little before them', () => {
    const { codes } = hearPackets([
      [5, pong('soon')],
      [6, ping('soon')],
      [20, client(closeFrame(1000))],
      [21, server(closeFrame(1000))],
      ...ends,
    ])
    expect(codes).toEqual([])
  })

  it('pings read late are answered by such pongs after a hole, too', () => {
    const { codes, held } = hearPackets([
      [5, pong('soon')],
      [6, ['server', { gap: 50 }]],
      ...Array.from(
        { length: 8 },
        (_, i) => [7, server({ text: `{"number":${i},"text":"some words"}` })] as const,
      ),
      [7, ping('soon')],
      [20, client(closeFrame(1000))],
      [21, server(closeFrame(1000))],
      ...ends,
    ])
    expect(codes).toEqual(['resynchronized'])
    expect(held).toBe(0)
  })

  it('a ping read late is not blamed if a pong answers one that is lost after it', () => {
    const { codes } = hearPackets([
      [5, ping('first')],
      [9, pong('of a ping that is lost')],
      [80, ['server', { gap: 20 }]],
      [80, ['server', { end: 'fin' }]],
      [80, ['client', { end: 'capture' }]],
    ])
    expect(codes.filter((code) => code.includes('ping') || code.includes('pong'))).toEqual([])
  })

  it('a side owes no pong to a ping that was sent after its close frame', () => {
    const { codes } = hearPackets([
      [8, ping('too late')],
      [7, client(closeFrame(1000))],
      [9, server(closeFrame(1000))],
      ...ends,
    ])
    expect(codes).toEqual([])
  })

  it('the side whose close frame was sent first began the closing, even if it is read late', () => {
    const { closed } = hearPackets([
      [8, server(closeFrame(1000, 'answer'))],
      [7, client(closeFrame(4000, 'question'))],
      ...ends,
    ])
    expect(closed).toMatchObject({
      how: 'clean',
      initiator: 'client',
      code: 4000,
      reason: 'question',
      lastPacket: 8,
    })
  })

  it('a side is not blamed for a missing close frame that a hole after its last frame may have held', () => {
    const chat = Array.from({ length: 12 }, (_, i) => client({ text: `{"number":${i},"text":"some words"}` }))
    const { codes } = hearPackets([
      [30, ['client', { gap: 40 }]],
      ...chat.map((step, i) => [i + 1, step] as const),
      [31, ['client', { gap: 12 }]],
      [31, ['client', { end: 'fin' }]],
      [32, ['server', { end: 'fin' }]],
    ])
    expect(codes).toEqual(['resynchronized'])
  })
})
