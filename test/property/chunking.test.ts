// However the bytes of a capture arrive, and whatever becomes of a chunk's memory after the next one was asked for, the records are the same.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readEvents } from '../../src/analyze.ts'
import { inputFromChunks } from '../../src/platform/node/input.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { NdjsonRenderer } from '../../src/render/ndjson.ts'
import { bulk, compressed, type MakeCapture, smallFrames } from '../bench/captures.ts'
import { fixtureNames, fixturePath } from '../support/drivers/fixtures.ts'

describe('the records of a fixture are the same', () => {
  it.each(fixtureNames)('the records are the same however the file is cut: %s', async (name) => {
    const file = readFileSync(fixturePath(name))
    const bytes = file[0] === 0x1f ? gunzipSync(file) : file
    const whole = await recordsOf(bytes, bytes.length)
    for (const size of bytes.length < 10_000 ? [1, 61, 1000] : [997, 65_536]) {
      expect(await recordsOf(bytes, size), `in chunks of ${size}`).toBe(whole)
    }
    expect(await recordsOf(gzipSync(bytes), 700), 'gzip, in chunks of 700').toBe(whole)
  })
})

describe('the records of a long capture are the same', () => {
  const kinds: [string, MakeCapture, number][] = [
    ['small frames', smallFrames, 8000],
    ['bulk', bulk, 20],
    ['compressed', compressed, 4000],
  ]
  it.each(kinds)('the records are the same however a long capture is cut: %s', async (_, make, count) => {
    const folder = mkdtempSync(join(tmpdir(), 'framewalk-chunks-'))
    try {
      for (const format of ['pcap', 'pcapng'] as const) {
        const path = join(folder, `capture.${format}`)
        await make(path, format, count)
        const bytes = readFileSync(path)
        const whole = await recordsOf(bytes, bytes.length)
        for (const size of [5000, 262_144]) expect(await recordsOf(bytes, size)).toBe(whole)
        expect(await recordsOf(gzipSync(bytes), 50_000)).toBe(whole)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** The frames, messages and findings as NDJSON: a string that is made as soon as the events come, as any consumer must. */
async function recordsOf(bytes: Uint8Array, chunkSize: number): Promise<string> {
  const lines: string[] = []
  const renderer = new NdjsonRenderer((output) => lines.push(Buffer.from(output as Uint8Array).toString()))
  for await (const batch of readEvents([inputFromChunks(spoiltChunks(bytes, chunkSize))], nodePlatform)) {
    for (const event of batch) if (event.type !== 'capture') renderer.event(event)
    renderer.flush()
  }
  renderer.end()
  return lines.join('')
}

/** Chunks that share one memory, which is overwritten as soon as the next one is asked for. */
function* spoiltChunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  const memory = new Uint8Array(size)
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size)
    memory.set(part)
    yield memory.subarray(0, part.length)
    memory.fill(0xee)
  }
}
