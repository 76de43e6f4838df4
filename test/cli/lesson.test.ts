// framewalk lesson at its front door.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { LessonData } from '../../src/report/page-data.ts'
import { REPORT_ATTACKS } from '../hostile/attacks/report.ts'
import { run } from '../support/drivers/command.ts'
import { skipWithoutBuild } from '../support/drivers/requirements.ts'

function dataOf(page: string): LessonData {
  const [, text] = /id="data">([^<]*)</.exec(page)!
  return JSON.parse(inflateRawSync(Buffer.from(text!, 'base64')).toString())
}

/** What a lesson takes of an attack that is repeated so often. */
async function takenFrom(attack: string, units: number): Promise<NonNullable<LessonData['capture']>> {
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-lesson-'))
  try {
    await REPORT_ATTACKS.find(({ kind }) => kind === `lesson: ${attack}`)!.prepare(folder, units)
    const { status, stdout, stderr } = await run(['lesson', join(folder, 'hostile.pcap')])
    expect([status, stderr]).toEqual([0, ''])
    return dataOf(stdout).capture!
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(skipWithoutBuild())('framewalk lesson', () => {
  it('lesson writes a page without a capture, to standard output, in the language that was asked for', async () => {
    const { status, stdout, stderr } = await run(['lesson', '-o', '-', '--lang', 'zh'])
    expect([status, stderr]).toEqual([0, ''])
    expect(dataOf(stdout)).toEqual({ kind: 'lesson', language: 'zh' })
  })

  it('lesson takes whole frames of each kind from a capture, no more than it says', async () => {
    const { stdout } = await run(['lesson', 'fixtures/fragments-and-pings.pcap'])
    const { capture } = dataOf(stdout)
    const { stdout: records } = await run([
      'frames',
      'fixtures/fragments-and-pings.pcap',
      '--format',
      'ndjson',
    ])
    const frames = records
      .split('\n')
      .flatMap((line) => (line.includes('"type":"frame"') ? [JSON.parse(line)] : []))
    expect(capture!.frames.length).toBeLessThanOrEqual(300)
    expect(capture!.connection?.handshake.request).not.toBe(null)
    for (const { connection, frame, bytes } of capture!.frames) {
      const record = frames.find((each) => each.connection === connection && each.frame === frame)
      expect(Buffer.from(bytes, 'base64').length).toBe(record.headerLength + record.payloadLength)
    }
    const first = Math.min(...capture!.frames.map(({ bytes }) => bytes.length))
    expect(first).toBeGreaterThan(0)
  })

  it('lesson takes no message of thousands of fragments, however little is in them', async () => {
    const { frames } = await takenFrom('messages of empty fragments', 10)
    expect(frames.length).toBeGreaterThan(0)
    for (const { message } of frames) expect(message?.frames.length ?? 0).toBeLessThanOrEqual(256)
  })

  it('lesson takes 8 MiB of frames and messages at most', async () => {
    const { frames } = await takenFrom('long frames of every kind', 2)
    const bytes = frames.flatMap(({ bytes, message }) => [
      bytes,
      message?.wirePayload ?? '',
      message?.window ?? '',
      message?.data ?? '',
    ])
    const taken = bytes.reduce((sum, text) => sum + Buffer.from(text, 'base64').length, 0)
    expect(taken).toBeGreaterThan(7 * 1024 * 1024)
    expect(taken).toBeLessThanOrEqual(8 * 1024 * 1024)
  })

  it('lesson says in one line what the user can mend, and writes over no capture', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'framewalk-lesson-'))
    const copy = join(folder, 'chat.pcap')
    copyFileSync('fixtures/texts.pcap', copy)
    const before = readFileSync(copy)
    for (const words of [
      [copy, '-o', copy],
      ['missing.pcap'],
      ['-o', folder],
      ['-o', join(folder, 'no/such/place')],
    ]) {
      const { status, stdout, stderr } = await run(['lesson', ...words])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^framewalk: [^\n]+\n$/)
    }
    expect(readFileSync(copy)).toEqual(before)
  })
})
