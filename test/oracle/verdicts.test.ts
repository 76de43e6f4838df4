// What framewalk makes of a client that breaks the rules against what a real server made of it, in the fixture `violations`; and of a
// server that answers another key, in `wrong-accept`.
import { describe, expect, it } from 'vitest'
import type { FindingCode } from '../../src/base/findings.ts'
import { readCaptured } from '../support/drivers/captured.ts'
import { fixtureLog, fixturePath } from '../support/drivers/fixtures.ts'

const FINDINGS: Readonly<Record<string, readonly FindingCode[]>> = {
  'reserved opcode 3': ['reserved-opcode'],
  'reserved opcode 11': ['reserved-opcode'],
  'RSV1 without an extension': ['rsv-without-extension'],
  'RSV2 and RSV3': ['rsv-without-extension'],
  'RSV1 on a continuation': ['rsv1-on-continuation'],
  'RSV1 on a ping': ['rsv1-on-control'],
  'a frame that is not masked': ['unmasked-client-frame'],
  'a ping of 126 bytes': ['control-frame-too-long'],
  'a fragmented ping': ['fragmented-control-frame'],
  'a continuation of nothing': ['unexpected-continuation'],
  'a new text within a fragmented one': ['expected-continuation'],
  'a length that is not the shortest': ['non-minimal-length'],
  'a 64-bit length where 16 bits do': ['non-minimal-length'],
  'a length past 32 bits': [],
  'a length with the high bit set': ['length-high-bit'],
  'text that is not UTF-8': ['invalid-utf8'],
  'a surrogate in UTF-8': ['invalid-utf8'],
  'a close body of one byte': ['close-body-too-short'],
  'close code 1005 on the wire': ['invalid-close-code'],
  'close code 999': ['invalid-close-code'],
  'close code 1004': ['invalid-close-code'],
  'a close reason that is not UTF-8': ['invalid-close-reason'],
  'data after the close frame': ['data-after-close'],
  'a payload that is not deflate': ['inflate-error'],
  'a masking key of zeros': [],
}

/** `ws` refuses lengths that it cannot hold as too big (1009), and lets a length be longer than it need be. */
const MILDER_THAN_THE_RFC = new Set<FindingCode>(['length-high-bit', 'non-minimal-length'])

const log = fixtureLog('violations')

describe('a client that breaks a rule', () => {
  it.each(log.connections.map((logged, index) => ({ index, name: logged.name!, verdict: logged.verdict })))(
    '$name: framewalk and the server see it alike',
    async ({ index, name, verdict }) => {
      const captured = await readCaptured(fixturePath('violations'))
      const { connection } = captured.connections[index]!
      const violations = captured.findingsOf(connection).filter(({ severity }) => severity === 'violation')
      expect(violations.map(({ code }) => code)).toEqual(FINDINGS[name])

      const close = captured.framesOf(connection, 'server').find(({ opcodeName }) => opcodeName === 'close')
      for (const { code, closeCode, from } of violations) {
        expect(from).toBe('client')
        if (verdict !== null && !MILDER_THAN_THE_RFC.has(code)) expect(close?.close?.code).toBe(closeCode)
      }
    },
  )

  it('every client that breaks a rule is in the fixture', () => {
    expect(log.connections.map(({ name }) => name)).toEqual(Object.keys(FINDINGS))
  })

  it('a client that masks with zeros only is warned of', async () => {
    const captured = await readCaptured(fixturePath('violations'))
    const warned = captured.findings.filter(({ code }) => code === 'zero-masking-key')
    const names = warned.map(({ connection }) => log.connections[connection! - 1]!.name)
    expect(new Set(names)).toEqual(new Set(['a masking key of zeros']))
  })

  it('a client that breaks a rule has every frame shown that it sent, however illegal', async () => {
    const captured = await readCaptured(fixturePath('violations'))
    for (const { connection } of captured.connections) {
      expect(captured.framesOf(connection, 'client').length).toBeGreaterThan(0)
    }
  })
})

describe('a server that answers another key', () => {
  it('a server that answers another key is at fault, as its client says', async () => {
    const { connections } = fixtureLog('wrong-accept')
    expect(connections[0]!.refusedByClient).toBe('Invalid Sec-WebSocket-Accept header')
    const captured = await readCaptured(fixturePath('wrong-accept'))
    const violations = captured.findings.filter(({ severity }) => severity === 'violation')
    expect(violations.map(({ code, from }) => ({ code, from }))).toEqual([
      { code: 'accept-mismatch', from: 'server' },
    ])
  })

  it('a server that answers another key has its frames shown all the same', async () => {
    const captured = await readCaptured(fixturePath('wrong-accept'))
    expect(captured.messages.map(({ text }) => text)).toEqual(['who am I talking to?'])
  })
})
