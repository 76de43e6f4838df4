// How real connections end, in the fixture `close-codes`, and what refuses an upgrade.
import { describe, expect, it } from 'vitest'
import type { ClosedRecord } from '../../src/records/records.ts'
import { readCaptured } from '../support/drivers/captured.ts'
import { fixtureLog, fixturePath } from '../support/drivers/fixtures.ts'

type Ending = Pick<ClosedRecord, 'how' | 'code' | 'reason' | 'initiator'>

const ENDINGS: Readonly<Record<string, Ending>> = {
  'the client closes with 1000 and a reason': {
    how: 'clean',
    code: 1000,
    reason: 'work is done',
    initiator: 'client',
  },
  'the server goes away with 1001': { how: 'clean', code: 1001, reason: '', initiator: 'server' },
  'the server closes with 4000 and a Chinese reason': {
    how: 'clean',
    code: 4000,
    reason: '服务器正在维护',
    initiator: 'server',
  },
  'the client closes without a body': { how: 'clean', code: null, reason: null, initiator: 'client' },
  'both close at once': { how: 'clean', code: 3000, reason: 'client first', initiator: 'client' },
  'the client ends TCP without a close frame': {
    how: 'tcp-fin',
    code: null,
    reason: null,
    initiator: 'client',
  },
  'the server resets TCP': { how: 'tcp-reset', code: null, reason: null, initiator: 'server' },
  'the client sends a close frame and resets TCP': {
    how: 'close-frame-only',
    code: 1011,
    reason: 'crashed',
    initiator: 'client',
  },
}

const { connections } = fixtureLog('close-codes')

describe('the end of a connection', () => {
  it.each(connections.map(({ name }, index) => ({ name: name!, index })))(
    'the end of a connection is told as it was: $name',
    async ({ name, index }) => {
      const captured = await readCaptured(fixturePath('close-codes'))
      const ending = captured.closed.find(({ connection }) => connection === index + 1)
      expect(ending).toMatchObject(ENDINGS[name]!)
    },
  )

  it('a warning says that TCP ended without a close frame, and only then', async () => {
    const captured = await readCaptured(fixturePath('close-codes'))
    const warned = captured.findings.filter(({ code }) => code === 'no-close-frame')
    expect(warned.map(({ connection }) => connections[connection! - 1]!.name)).toEqual([
      'the client ends TCP without a close frame',
      'the server resets TCP',
    ])
  })
})

describe('a refused upgrade', () => {
  it.each(['close-codes', 'keep-alive-then-upgrade'])(
    'a refused upgrade is reported once, and is not a connection: %s',
    async (name) => {
      const captured = await readCaptured(fixturePath(name))
      const refusals = fixtureLog(name).refused!.filter(({ upgrade }) => upgrade)
      const found = captured.findings.filter(({ code }) => code === 'upgrade-refused')
      expect(found.length).toBe(refusals.length)
      for (const [index, { status }] of refusals.entries())
        expect(found[index]!.message).toContain(String(status))
      expect(captured.connections.length).toBe(fixtureLog(name).connections.length)
    },
  )
})
