// The reassembly against tshark's "follow stream", over shuffled, repeated and overlapping segments.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { TcpFlag } from '../../src/network/segment.ts'
import { pcapFile, tcpPacket } from '../support/builders/packet-builder.ts'
import { skipWithout } from '../support/drivers/requirements.ts'
import { Listener, type SegmentFields } from '../support/drivers/segment-builder.ts'

const client = { address: '10.0.0.1', port: 1000 }
const server = { address: '10.0.0.2', port: 80 }
const folder = mkdtempSync(join(tmpdir(), 'framewalk-'))
afterAll(() => rmSync(folder, { recursive: true }))

function packet({ back = false, flags = '', seq = 0, ack, data = '' }: SegmentFields): Uint8Array {
  const fields = {
    sequence: seq % 2 ** 32,
    acknowledgment: (ack ?? 0) % 2 ** 32,
    flags: (flags.includes('S') ? TcpFlag.syn : 0) | (ack === undefined ? 0 : TcpFlag.ack),
    payload: Buffer.from(data as string, 'latin1'),
  }
  return tcpPacket(
    back
      ? { ...fields, source: server, destination: client }
      : { ...fields, source: client, destination: server },
  )
}

/** What tshark hears of the first TCP stream: the client's and the server's bytes. */
function followed(segments: readonly SegmentFields[]): [string, string] {
  const file = join(folder, 'shuffled.pcap')
  writeFileSync(file, pcapFile(segments.map(packet)))
  const { stdout } = spawnSync('tshark', ['-r', file, '-q', '-z', 'follow,tcp,raw,0'], { encoding: 'utf8' })
  const heard: [string, string] = ['', '']
  for (const [, tab, digits] of stdout.matchAll(/^(\t?)((?:[0-9a-f]{2})+)$/gm)) {
    heard[tab === '' ? 0 : 1] += Buffer.from(digits!, 'hex').toString('latin1')
  }
  return heard
}

const pieces = fc.record({
  cuts: fc.uniqueArray(fc.integer({ min: 1, max: 299 }), { minLength: 5, maxLength: 20 }),
  repeated: fc.array(fc.tuple(fc.nat(250), fc.integer({ min: 1, max: 50 })), { maxLength: 8 }),
})
const text = Array.from({ length: 300 }, (_, i) => String.fromCharCode((i * 7) % 256)).join('')

function segmentsOf(
  initial: number,
  back: boolean,
  { cuts, repeated }: { cuts: number[]; repeated: [number, number][] },
) {
  const edges = [0, ...cuts.sort((a, b) => a - b), 300]
  const ranges = edges.slice(1).map((end, i) => [edges[i]!, end])
  ranges.push(...repeated.map(([start, length]) => [start, start + length]))
  return ranges.map(
    ([start, end]): SegmentFields => ({
      back,
      seq: initial + 1 + start!,
      ack: 0,
      data: text.slice(start, end),
    }),
  )
}

describe.skipIf(skipWithout('tshark'))('tshark and the reassembly', () => {
  const captures = fc
    .record({
      initials: fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 0xffffff80, max: 0xffffffff })),
      forward: pieces,
      backward: pieces,
    })
    .chain(({ initials: [mine, yours], forward, backward }) => {
      const sent = [...segmentsOf(mine, false, forward), ...segmentsOf(yours, true, backward)]
      return fc
        .shuffledSubarray(sent, { minLength: sent.length })
        .map((shuffled): SegmentFields[] => [
          { flags: 'S', seq: mine },
          { flags: 'S', seq: yours, ack: mine + 1, back: true },
          ...shuffled.map((fields) => ({ ...fields, ack: (fields.back ? mine : yours) + 1 })),
        ])
    })

  test.each(
    fc.sample(captures, { numRuns: 6, seed: 20 }).map((segments) => [segments.length, segments] as const),
  )('tshark reads the same bytes of both sides in %i shuffled packets', (_, segments) => {
    const listener = new Listener().push(...segments)
    const heard = [listener.stream().text, listener.stream(0, true).text]
    expect(heard).toEqual([text, text])
    expect(followed(segments)).toEqual(heard)
  })
})
