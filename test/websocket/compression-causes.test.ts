// Why a compressed message does not inflate, or should not: what an observer can prove of the sender's window, and nothing by chance.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import type { Deflate } from '../../src/base/events.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { makeInflater } from '../../src/page/inflater.ts'
import { hex, utf8 } from '../support/builders/packet-builder.ts'
import { compressAlone, makeCompressor } from '../support/builders/websocket-compressor.ts'
import {
  client,
  DEFLATE,
  type Heard,
  hear,
  type Step,
  server,
  textOf,
} from '../support/drivers/websocket-conversation.ts'

const agreed = (contextTakeover: boolean, windowBits = 15): Deflate => ({
  client: { contextTakeover, windowBits },
  server: { contextTakeover, windowBits },
})

/** Text without a word twice, of about as many bytes. */
function noise(length: number, seed = 1): string {
  let state = seed
  let text = ''
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += (state >>> 8).toString(36)
  }
  return text.slice(0, length)
}

/** Damaged conversations that are tried. */
const TRIALS = Number(process.env.FRAMEWALK_TRIALS ?? 2000)

const RECORD = '{"user":"alice","cursor":[10,20],"color":"#ff0000"}'

/**
 * Messages of the server, compressed by one that keeps its window. Those in upper case go uncompressed; `feeds` says whether the
 * compressor gets them all the same.
 */
function drifting(texts: readonly string[], feeds: boolean): Step[] {
  const compress = makeCompressor()
  return texts.map((text) => {
    const isPlain = text === text.toUpperCase()
    const payload = isPlain && !feeds ? utf8(text) : compress(utf8(text))
    return isPlain ? server({ text }) : server({ rsv1: true, payload })
  })
}

const PLAIN = noise(200).toUpperCase()
const texts = ({ messages }: Heard) => messages.map((message) => textOf(message))
const causesOf = ({ findings }: Heard) =>
  findings.filter(
    ({ code, values }) => code === 'window-exceeded' || (values.cause ?? values.inflatesTo ?? null) !== null,
  )

describe('a message that was sent uncompressed and stayed in the window', () => {
  const said = [RECORD, PLAIN, RECORD.replace('10', '11'), RECORD.replace('20', '21')]

  it.each([
    ['the pool', undefined],
    ['the page', makeInflater],
  ])('is named as the cause, and the messages after it come out right (%s)', (_, make) => {
    const heard = hear(drifting(said, true), { deflate: DEFLATE, ...(make && { makeInflater: make }) })
    expect(texts(heard)).toEqual(said)
    expect(heard.messages.map(({ incomplete }) => incomplete)).toEqual([false, false, false, false])
    expect(heard.findings[0]).toMatchObject({
      code: 'inflate-error',
      frame: 3,
      severity: 'violation',
      follows: undefined,
      values: { cause: { what: 'uncompressed', frame: 2, last: 2, messages: 1 } },
    })
    expect(sentenceOf(heard.findings[0]!)).toMatch(
      /; it inflates if the payload of frame 2, which was sent uncompressed, is put into the window\.$/,
    )
    expect(heard.codes.filter((code) => code.startsWith('inflate'))).toEqual(['inflate-error'])
    expect(heard.held).toBe(0)
  })

  it('is no cause where the compressor did not get it', () => {
    const heard = hear(drifting(said, false), { deflate: DEFLATE })
    expect(texts(heard)).toEqual(said)
    expect(causesOf(heard)).toEqual([])
    expect(heard.codes.filter((code) => code.startsWith('inflate'))).toEqual([])
  })

  it('is named with the others, and those after the proof are put into the window at once', () => {
    const more = noise(150, 2).toUpperCase()
    const all = [RECORD, PLAIN, more, RECORD, more, `${RECORD} ${noise(20, 5)}`, RECORD]
    const heard = hear(drifting(all, true), { deflate: DEFLATE })
    expect(texts(heard)).toEqual(all)
    expect(causesOf(heard).map(({ values }) => values.cause)).toEqual([
      { what: 'uncompressed', frame: 2, last: 3, messages: 2 },
    ])
    expect(heard.held).toBe(0)
  })

  it('is not looked for where there is no room to keep it', () => {
    const heard = hear(drifting(said, true), { deflate: DEFLATE, limits: { waitingTotal: 6000 } })
    expect(causesOf(heard)).toEqual([])
    expect(heard.codes).toContain('inflate-error')
    expect(heard.held).toBe(0)
  })
})

describe('what cannot be inflated after a fault', () => {
  const said = [RECORD, RECORD, RECORD]

  it('is the sender’s if its data was wrong, and follows from that', () => {
    const [first, ...rest] = drifting(said, false)
    const { findings } = hear([first!, server({ rsv1: true, payload: hex('06 00') }), ...rest], {
      deflate: DEFLATE,
    })
    const [fault, lost] = findings
    expect(fault).toMatchObject({ code: 'inflate-error', severity: 'violation', values: { cause: null } })
    expect(lost).toMatchObject({
      code: 'inflate-context-lost',
      severity: 'violation',
      follows: { code: 'inflate-error', frame: 2 },
    })
  })

  it('is the capture’s if bytes are missing, before or after that', () => {
    const [first, second, third] = drifting(said, false)
    const cut = (first![1] as Uint8Array).slice(0, -1)
    const lossy: Step[] = [['server', cut], ['server', { gap: 1 }], second!, third!]
    const broken = server({ rsv1: true, payload: hex('06 00') })
    for (const steps of [lossy, [broken, ...lossy], [...lossy.slice(0, 3), broken, third!]]) {
      const lost = hear(steps, { deflate: DEFLATE }).findings.filter(
        ({ code }) => code === 'inflate-context-lost',
      )
      expect(lost.length).toBeGreaterThan(0)
      expect(lost.at(-1)).toMatchObject({ severity: 'capture' })
    }
  })
})

describe('a window that is kept although no_context_takeover was agreed on', () => {
  const said = [RECORD, RECORD.replace('10', '11'), RECORD.replace('20', '21'), noise(40)]

  it('is named as the cause, and all messages come out right', () => {
    const heard = hear(drifting(said, true), { deflate: agreed(false) })
    expect(texts(heard)).toEqual(said)
    expect(causesOf(heard)).toMatchObject([
      { code: 'inflate-error', frame: 2, severity: 'violation', values: { cause: { what: 'kept' } } },
    ])
    expect(sentenceOf(causesOf(heard)[0]!)).toMatch(
      /it inflates with the window of the messages before it, .* no_context_takeover was agreed on\.$/,
    )
    expect(heard.held).toBe(0)
  })

  it('is no cause where each message stands alone, or where the messages before it are not all there', () => {
    const alone = said.map((text) => server({ rsv1: true, payload: compressAlone(utf8(text)) }))
    expect(hear(alone, { deflate: agreed(false) }).codes).toEqual(['no-close-frame'])
    const [first, second, third] = drifting(said, true)
    const cut = hear([first!, ['server', { gap: 9 }], second!, third!], { deflate: agreed(false) })
    expect(causesOf(cut)).toEqual([])
    expect(cut.codes).toContain('inflate-error')
  })
})

describe('a reference beyond the agreed window', () => {
  const key = 'the-key-that-repeats-0123456789'

  it.each([
    ['within a message', [`${key}${noise(3000)}${key}`]],
    ['within a message that is short', [`${key}${noise(600)}${key}`]],
    ['across messages', [`${key}${noise(3000)}`, `${key}!`]],
  ])('is told with both numbers, and the text all the same: %s', (_, said) => {
    const heard = hear(drifting(said, true), { deflate: agreed(true, 9) })
    expect(texts(heard)).toEqual(said)
    const [first, ...rest] = causesOf(heard)
    const finding = rest.at(-1) ?? first!
    const distance = key.length + said[0]!.length - (said.length > 1 ? key.length : 2 * key.length)
    expect(finding).toMatchObject({ code: 'window-exceeded', values: { distance, window: 512 } })
    expect(sentenceOf(finding)).toBe(`The compressed message refers ${distance} bytes back; 512 were agreed.`)
    for (const { follows } of rest) expect(follows).toEqual({ code: 'window-exceeded', frame: first!.frame })
    expect(hear(drifting(said, true), { deflate: DEFLATE }).codes).toEqual(['no-close-frame'])
  })

  it('is told of the first byte past the window, and not of the last inside it', () => {
    /** A stored block, and then a block with fixed codes: one run of three bytes from that far back. */
    const stored = (length: number) =>
      concat([
        Uint8Array.of(0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255),
        utf8(noise(length)),
      ])
    const message = (distance: number) => {
      // Bits, the lowest first: 0, 01 (fixed); 0000001 (length 3); 10001 (385 to 512) or 10010 (513 to 768); the extra bits; 0000000 (end).
      const isFar = distance > 512
      const extra = distance - (isFar ? 513 : 385)
      const bits = `010${'0000001'}${isFar ? '10010' : '10001'}${reversed(extra, isFar ? 8 : 7)}0000000000`
      const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g)!
      return concat([stored(600), Uint8Array.from(bytes, (byte) => Number.parseInt(reverse(byte), 2))])
    }
    const judge = (distance: number) => {
      const heard = hear([server({ rsv1: true, payload: message(distance) })], { deflate: agreed(true, 9) })
      expect(texts(heard)).toEqual([
        noise(600) +
          noise(600)
            .slice(600 - distance)
            .slice(0, 3),
      ])
      return causesOf(heard)
    }
    expect(judge(512)).toEqual([])
    expect(judge(513)).toMatchObject([{ values: { distance: 513, window: 512 } }])
  })

  it('does not make bytes sure of which no more than the agreed window is known', () => {
    const said = [`${key}${noise(700, 3)}`, noise(700, 4), `${key}!`]
    const steps = drifting(said, true)
    const lossy: Step[] = [['server', { gap: 7 }], ...steps]
    const heard = hear(lossy, { deflate: agreed(true, 9) })
    for (const [i, message] of heard.messages.entries())
      expect(said[i + said.length - heard.messages.length]!.startsWith(textOf(message) ?? '')).toBe(true)
  })
})

function reverse(bits: string): string {
  return [...bits].reverse().join('')
}

/** The bits of a number, the lowest first. */
function reversed(value: number, count: number): string {
  return reverse(value.toString(2).padStart(count, '0'))
}

describe('RSV1 without an extension', () => {
  const said = '{"hello":"hello hello hello"}'

  it('is told with what the payload inflates to', () => {
    const heard = hear([server({ rsv1: true, payload: compressAlone(utf8(said)) })])
    expect(heard.findings[0]).toMatchObject({
      code: 'rsv-without-extension',
      values: { what: 'frame', bits: ['RSV1'], inflatesTo: { length: said.length, text: said } },
    })
    expect(sentenceOf(heard.findings[0]!)).toContain(`it inflates to “${said}”.`)
  })

  it('shows the first 64 bytes, in whole characters', () => {
    const long = `a${'服务器'.repeat(40)}`
    const { findings } = hear([server({ rsv1: true, payload: compressAlone(utf8(long)) })])
    expect(findings[0]!.values).toMatchObject({
      inflatesTo: { length: utf8(long).length, text: `a${'服务器'.repeat(7)}` },
    })
    expect(sentenceOf(findings[0]!)).toMatch(/服务器”…\.$/)
  })

  it('says nothing of the kind where the payload is as it reads, or where a rule was broken before', () => {
    expect(causesOf(hear([server({ rsv1: true, text: said })]))).toEqual([])
    const compressed = server({ rsv1: true, payload: compressAlone(utf8(said)) })
    expect(causesOf(hear([server({ opcode: 3 }), compressed]))).toEqual([])
  })

  it('never takes random bytes for compressed ones, in 20 000 frames', () => {
    let judged = 0
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1, 2), (payload, opcode) => {
        const heard = hear([server({ rsv1: true, payload, opcode })])
        expect(causesOf(heard)).toEqual([])
        judged += heard.codes.includes('rsv-without-extension') ? 1 : 0
      }),
      { numRuns: 20_000, seed: 6455 },
    )
    expect(judged).toBe(20_000)
  })
})

describe('nothing is made up', () => {
  /** A window with this in it is nearly full: hardly any distance is too far. */
  const LONG = Array.from(
    { length: 400 },
    (_, i) => `{"user":"${noise(5, i)}","cursor":[${i},20],"color":"#ff0000"}`,
  ).join(',')
  const word = fc.constantFrom(
    '{"user":"alice",',
    '"cursor":[10,',
    '20]}',
    'alpha ',
    'beta ',
    '服务器',
    noise(90),
    noise(700, 3),
    LONG,
  )
  const message = fc.record({
    text: fc.array(word, { minLength: 1, maxLength: 14 }).map((words) => words.join('')),
    isPlain: fc.boolean(),
  })

  it('what zlib compresses breaks no rule, whatever was agreed on', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 9, max: 15 }),
        (all, takeover, windowBits) => {
          const compress = makeCompressor(windowBits)
          const steps = all.map(({ text, isPlain }) => {
            if (isPlain) return client({ text })
            const payload = takeover ? compress(utf8(text)) : compressAlone(utf8(text), windowBits)
            return client({ rsv1: true, payload })
          })
          const heard = hear(steps, { deflate: agreed(takeover, windowBits) })
          expect(heard.codes).toEqual(['no-close-frame'])
          expect(texts(heard)).toEqual(all.map(({ text }) => text))
          expect(heard.held).toBe(0)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('damaged deflate data has no cause, whatever JSON it was (FRAMEWALK_TRIALS=10000 tries more)', () => {
    let faults = 0
    const name = fc.constantFrom('alice', 'bob', 'carol', noise(40, 7), noise(300, 8))
    const json = fc
      .array(fc.record({ user: name, cursor: fc.array(fc.nat(99), { maxLength: 3 }), color: name }), {
        minLength: 1,
        maxLength: 8,
      })
      .map((records) => JSON.stringify(records.length === 1 ? records[0] : records))
    const before = fc.oneof(json, fc.constant(`[${LONG}]`))
    fc.assert(
      fc.property(
        fc.array(fc.record({ text: before, isPlain: fc.boolean() }), { maxLength: 4 }),
        json,
        fc.boolean(),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
        (all, last, takeover, damages) => {
          const compress = makeCompressor()
          const packed = (text: string) => (takeover ? compress(utf8(text)) : compressAlone(utf8(text)))
          const steps = all.map(({ text, isPlain }) =>
            client(isPlain ? { text } : { rsv1: true, payload: packed(text) }),
          )
          const payload = packed(last)
          for (const [at, mask] of damages)
            payload[at % payload.length] = payload[at % payload.length]! ^ mask
          const heard = hear([...steps, client({ rsv1: true, payload })], { deflate: agreed(takeover) })
          expect(causesOf(heard)).toEqual([])
          faults += heard.codes.includes('inflate-error') ? 1 : 0
        },
      ),
      { numRuns: TRIALS, seed: Number(process.env.FRAMEWALK_SEED ?? 7692) },
    )
    expect(faults).toBeGreaterThan(0.4 * TRIALS)
  })
})
