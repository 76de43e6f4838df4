// What framewalk finds in the fixtures against what the programs that spoke there say they sent and received.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Side } from '../../src/base/stream.ts'
import type { FrameRecord, MessageRecord } from '../../src/records/records.ts'
import { bytesOf, type Captured, readCaptured } from '../support/drivers/captured.ts'
import {
  type Account,
  type AccountEvent,
  type FixtureLog,
  fixtureLog,
  fixtureNames,
  fixturePath,
  fixtureSecrets,
  tlsFixtureNames,
} from '../support/drivers/fixtures.ts'

/** A client made to break the rules keeps no account; what its server makes of it is in verdicts.test.ts. */
const lawful = [...fixtureNames, ...tlsFixtureNames].filter(
  (name) => name !== 'violations' && name !== 'wrong-accept',
)

describe.each(lawful)('the programs of %s', (name) => {
  const log = fixtureLog(name)

  it('the programs opened the connections that are found', async () => {
    const captured = await readCaptured(fixturePath(name), fixtureSecrets(name))
    expect(captured.connections.length).toBe(log.connections.length)
    for (const { found, logged } of paired(captured, log)) {
      expect(found.server.port).toBe(logged.serverPort)
      if (logged.clientPort !== undefined) expect(found.client.port).toBe(logged.clientPort)
      expect(found.http2Stream).toBe(logged.http2Stream)
      expect(found.url).toBe(logged.url)
      expect(found.subprotocol).toBe(logged.subprotocol)
      expect(found.midstream).toBe(false)
    }
  })

  it('the programs sent and received the messages that are found', async () => {
    const captured = await readCaptured(fixturePath(name), fixtureSecrets(name))
    for (const { found, account } of accounts(captured, log)) {
      for (const from of ['client', 'server'] as const) {
        const all = captured.messagesOf(found.connection, from)
        const messages = (log.cutOff ? all.filter(({ incomplete }) => !incomplete) : all).map(asEvent)
        const told = account.events.filter((event) => event.from === from && isMessage(event)).map(comparable)
        expect(messages).toEqual(log.cutOff ? told.slice(0, messages.length) : told)
      }
    }
  })

  it('the programs sent and received the pings and pongs that are found', async () => {
    const captured = await readCaptured(fixturePath(name), fixtureSecrets(name))
    for (const { found, account, side } of accounts(captured, log)) {
      for (const from of ['client', 'server'] as const) {
        for (const type of ['ping', 'pong'] as const) {
          if (!tells(account, side, from, type)) continue
          const frames = captured
            .framesOf(found.connection, from)
            .filter(({ opcodeName }) => opcodeName === type)
            .map(({ payload }) => Buffer.from(payload).toString('base64'))
          const told = account.events.flatMap((event) =>
            event.from === from && event.type === type && 'base64' in event ? [event.base64] : [],
          )
          expect(frames).toEqual(log.cutOff ? told.slice(0, frames.length) : told)
        }
      }
    }
  })

  // A capture that is cut off ends before they close.
  if (!log.cutOff) {
    it('the programs closed with the codes and reasons that are found', async () => {
      const captured = await readCaptured(fixturePath(name), fixtureSecrets(name))
      for (const { found, account, side } of accounts(captured, log)) {
        const peer = side === 'client' ? 'server' : 'client'
        for (const event of account.events) {
          if (event.type !== 'close' || event.from !== side) continue
          expect(closeFrame(captured, found.connection, side)).toEqual({
            code: event.code,
            reason: event.reason,
          })
        }
        if (account.closed === null) continue
        const received = closeFrame(captured, found.connection, peer)
        if (account.closed.code === 1006) {
          expect(received).toBeUndefined()
        } else {
          expect({ code: received?.code ?? 1005, reason: received?.reason }).toEqual(account.closed)
        }
      }
    })
  }

  it('the programs broke no rule', async () => {
    const captured = await readCaptured(fixturePath(name), fixtureSecrets(name))
    expect(captured.findings.filter(({ severity }) => severity === 'violation')).toEqual([])
  })

  it('the capture leaves no doubt', async () => {
    const captured = await readCaptured(fixturePath(name), fixtureSecrets(name))
    const codes = captured.findings.filter(({ severity }) => severity === 'capture').map(({ code }) => code)
    expect(codes).toEqual(log.cutOff ? ['truncated-capture'] : [])
  })
})

it('a capture cut off in the middle gives everything before the cut', async () => {
  const [whole, cut] = await Promise.all([
    readCaptured(fixturePath('fragments-and-pings')),
    readCaptured(fixturePath('cut-off')),
  ])
  const before = (frame: FrameRecord<Uint8Array>) => frame.packet.last <= cut.summary.packets
  expect(cut.frames.length).toBeGreaterThan(30)
  expect(cut.frames).toEqual(whole.frames.filter(before))
})

interface Telling {
  readonly found: Captured['connections'][number]
  readonly side: Side
  readonly account: Account
}

function paired(captured: Captured, log: FixtureLog) {
  return captured.connections.map((found, index) => ({ found, logged: log.connections[index]! }))
}

function accounts(captured: Captured, log: FixtureLog): Telling[] {
  const telling: Telling[] = []
  for (const { found, logged } of paired(captured, log)) {
    if (logged.client !== null) telling.push({ found, side: 'client', account: logged.client })
    if (logged.server !== null) telling.push({ found, side: 'server', account: logged.server })
  }
  return telling
}

/** Every program tells of its own pings; of others, and of pongs, only those do that are told of them. */
function tells(account: Account, side: Side, from: Side, type: 'ping' | 'pong'): boolean {
  if (from === side && type === 'ping') return true
  return account.events.some(
    (event) => event.type === 'pong' || (event.type === 'ping' && event.from !== side),
  )
}

function isMessage({ type }: AccountEvent): boolean {
  return type === 'text' || type === 'binary'
}

function asEvent(message: MessageRecord<Uint8Array>) {
  expect(message.incomplete).toBeUndefined()
  if (message.text !== undefined) return { type: 'text', text: message.text }
  return { type: message.opcodeName, sha256: digest(bytesOf(message) ?? new Uint8Array()) }
}

/** Binary messages are told of in full, or by their digest. */
function comparable(event: AccountEvent) {
  if (event.type === 'text' && 'text' in event) return { type: 'text', text: event.text }
  if ('base64' in event) return { type: event.type, sha256: digest(Buffer.from(event.base64, 'base64')) }
  return { type: event.type, sha256: 'sha256' in event ? event.sha256 : '' }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function closeFrame(captured: Captured, connection: number, from: Side) {
  const frame = captured.framesOf(connection, from).find(({ opcodeName }) => opcodeName === 'close')
  return frame && { code: frame.close?.code ?? null, reason: frame.close?.reason ?? '' }
}
