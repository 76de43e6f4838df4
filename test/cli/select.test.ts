// The filters drop frames and messages, never the records that say what was found in the capture.
import { expect, it } from 'vitest'
import { run } from '../support/drivers/command.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'

interface Line {
  type: string
  connection?: number
  frame?: number
  from?: string
  opcodeName?: string
}

async function lines(...words: string[]): Promise<Line[]> {
  const { status, stdout } = await run([...words, '--format', 'ndjson'])
  expect(status).toBe(0)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const CLOSES = fixturePath('close-codes')
const of = (all: Line[], ...types: string[]) => all.filter(({ type }) => types.includes(type))

it.each([
  ['frames', ['frame', 'message']],
  ['messages', ['message']],
  ['connections', []],
])('%s prints the records that are its own besides those of every command', async (command, own) => {
  const types = new Set((await lines(command, CLOSES)).map(({ type }) => type))
  expect([...types].sort()).toEqual(['capture', 'closed', 'connection', 'finding', 'summary', ...own].sort())
})

it('NDJSON starts with the capture and ends with the summary of the whole capture, whatever was filtered', async () => {
  const all = await lines(CLOSES)
  const filtered = await lines(CLOSES, '--connection', '2')
  expect(filtered[0]).toEqual(all[0])
  expect(filtered.at(-1)).toEqual(all.at(-1))
  expect(of(filtered, 'connection', 'closed', 'finding')).toEqual(of(all, 'connection', 'closed', 'finding'))
  expect(of(filtered, 'frame')).toEqual(of(all, 'frame').filter(({ connection }) => connection === 2))
})

it('options take lists with spaces, commas and ranges, and captures after them', async () => {
  const expected = of(await lines(CLOSES), 'frame').filter(({ frame }) => frame === 1 || frame === 2)
  expect(expected.length).toBeGreaterThan(2)
  expect(of(await lines('--frame', '1', '2', CLOSES), 'frame')).toEqual(expected)
  expect(of(await lines('--frame', '1,2', CLOSES), 'frame')).toEqual(expected)
  expect(of(await lines('--frame', '1-2', CLOSES), 'frame')).toEqual(expected)
})

it('frames are selected by side and by opcode', async () => {
  const all = of(await lines(CLOSES), 'frame')
  expect(of(await lines(CLOSES, '--from', 'server'), 'frame')).toEqual(
    all.filter(({ from }) => from === 'server'),
  )
  const closes = of(await lines(CLOSES, '--opcode', 'close'), 'frame', 'message')
  expect(closes).toEqual(all.filter(({ opcodeName }) => opcodeName === 'close'))
})
