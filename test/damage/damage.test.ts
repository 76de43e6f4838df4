// Damaged captures against the good ones that they were made from: every frame reported is one that was sent, every frame that is sure is
// found, every missing byte is named, every complete message says what was sent, and nobody is blamed for what the capture lost.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Damage } from './damage.ts'
import { describeTally, emptyDamageTally } from './tally.ts'
import {
  clearFixtures,
  damagesOf,
  faultsOf,
  fixtureSubject,
  randomNumbers,
  randomSubject,
  SEED,
  trials,
} from './trials.ts'

const CLEAR = await clearFixtures()
const NETWORK: readonly Damage['kind'][] = ['drop', 'duplicate', 'move']
const SNAPPED: readonly Damage['kind'][] = ['cut', 'snap']

describe('a random capture', () => {
  const tally = emptyDamageTally()

  it.each<[string, readonly Damage['kind'][], number]>([
    ['with packets lost', ['drop'], 70],
    ['with packets lost, doubled and out of order', NETWORK, 70],
    ['with packets cut', SNAPPED, 40],
    ['with packets lost, doubled, out of order and cut', [...NETWORK, ...SNAPPED], 70],
    ['with flipped bits', ['flip', 'duplicate'], 40],
    ['with all of that', [...NETWORK, ...SNAPPED, 'flip'], 50],
    ['that starts late or ends early', ['late', 'early'], 50],
    ['of one side', ['one-sided'], 30],
    [
      'that starts late, of one side or both, and is damaged',
      [...NETWORK, ...SNAPPED, 'late', 'early', 'one-sided'],
      70,
    ],
  ])('a random capture %s shows nothing that was not sent', async (_, kinds, runs) => {
    await fc.assert(
      fc.asyncProperty(randomNumbers, damagesOf(kinds), async (numbers, damages) => {
        expect(await faultsOf(await randomSubject(...numbers), damages, tally)).toEqual([])
      }),
      trials(runs),
    )
  })

  it('a random capture shows what was sent if it is not damaged', async () => {
    const tally = emptyDamageTally()
    await fc.assert(
      fc.asyncProperty(randomNumbers, async (numbers) => {
        expect(await faultsOf(await randomSubject(...numbers), [], tally)).toEqual([])
      }),
      trials(40),
    )
    expect(tally.connectionsFound).toBe(tally.connections)
    expect(tally.compressedComplete).toBe(tally.compressed)
    expect(tally.missing).toBe(0)
  })

  it('a random capture is recovered after its holes, and found without its handshake', () => {
    console.log(`random captures from seed ${SEED}: ${describeTally(tally)}`)
    expect(tally.invented).toBe(0)
    expect(tally.behindFound / tally.behind).toBeGreaterThan(0.98)
    expect(tally.midstreamFound / tally.midstream).toBeGreaterThan(0.9)
  })
})

describe('a recorded capture', () => {
  const tally = emptyDamageTally()

  it.each<[string, readonly Damage['kind'][], number]>([
    ['with packets lost, doubled and out of order', NETWORK, 180],
    ['with packets cut', SNAPPED, 120],
    ['with all of that and flipped bits', [...NETWORK, ...SNAPPED, 'flip'], 180],
    [
      'that starts late, of one side or both, and is damaged',
      [...NETWORK, ...SNAPPED, 'late', 'early', 'one-sided'],
      180,
    ],
  ])('a recorded capture %s shows nothing that was not sent', async (_, kinds, runs) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...CLEAR), damagesOf(kinds), async (name, damages) => {
        expect(await faultsOf(await fixtureSubject(name), damages, tally)).toEqual([])
      }),
      trials(runs),
    )
  })

  it.each(CLEAR)('%s, started at any of its packets, never shows what was not sent', async (name) => {
    const subject = await fixtureSubject(name)
    const step = Math.ceil(subject.packets.length / 40)
    for (let count = 1; count < subject.packets.length; count += step) {
      const faults = await faultsOf(subject, [{ kind: 'late', count }], tally)
      expect(faults, `without its first ${count} packets`).toEqual([])
    }
  })

  it.each(CLEAR)('%s of one side alone never shows what was not sent', async (name) => {
    const subject = await fixtureSubject(name)
    for (const keep of ['to', 'from'] as const) {
      const faults = await faultsOf(subject, [{ kind: 'one-sided', keep, ports: [] }], tally)
      expect(faults, `packets ${keep} the servers`).toEqual([])
    }
  })

  it('a recorded capture gives nothing that was not sent', () => {
    console.log(`recorded captures from seed ${SEED}: ${describeTally(tally)}`)
    expect(tally.invented).toBe(0)
  })
})
