// The manual's recipes for many captures (src/cli/README.md), as they stand there: whatever runs programs over files gets the records of a serial run.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compressed, smallFrames } from '../bench/captures.ts'
import { MAIN, PYTHON, skipWithout, skipWithoutBuild } from '../support/drivers/requirements.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** Built by `npm test` before the tests run. */
const CAPTURES = 200

const section = readFileSync(join(ROOT, 'src/cli/README.md'), 'utf8')
  .split('\n## Many captures\n')[1]!
  .split('\n## ')[0]!

/** The section's one block in a language. */
function recipe(language: string): string {
  const blocks = [...section.matchAll(/```(\w+)\n(.*?)```/gs)].filter(([, name]) => name === language)
  expect(blocks).toHaveLength(1)
  return blocks[0]![2]!
}

let folder: string
let serial: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-many-'))
  mkdirSync(join(folder, 'captures'))
  for (let i = 0; i < CAPTURES; i++) {
    const make = i % 2 === 0 ? smallFrames : compressed
    await make(join(folder, 'captures', `${String(i).padStart(3, '0')}.pcap`), 'pcap', 5 + (i % 20))
  }
  const command = join(folder, 'framewalk')
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, { mode: 0o755 })
  serial = read(
    folder,
    process.execPath,
    MAIN,
    'messages',
    '--format',
    'ndjson',
    '--jobs',
    '1',
    ...captures(),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

function captures(): string[] {
  const names = readdirSync(join(folder, 'captures')).filter((name) => name.endsWith('.pcap'))
  return names.sort().map((name) => join('captures', name))
}

function read(cwd: string, program: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, SSLKEYLOGFILE: '' },
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

describe.skipIf(skipWithoutBuild())(`${CAPTURES} captures`, () => {
  it('Dask on two workers gives what a serial run gives', (context) => {
    if (skipWithout('python3-dask')) return context.skip()
    const script = join(folder, 'walk.py')
    writeFileSync(script, recipe('python'))
    expect(read(folder, PYTHON, script, 'captures')).toBe(serial)
  }, 1_200_000)

  it('xargs, with each capture into a file of its own, gives what a serial run gives', () => {
    // Of some of them: each costs the start of a program.
    const few = captures().slice(0, 20)
    const there = join(folder, 'few')
    mkdirSync(join(there, 'captures'), { recursive: true })
    for (const capture of few) copyFileSync(join(folder, capture), join(there, capture))
    read(there, 'sh', '-c', recipe('sh'))
    const each = few.map((capture) => readFileSync(join(there, `${capture}.ndjson`), 'utf8')).join('')
    expect(serial.startsWith(each)).toBe(true)
    expect(each.match(/^{"type":"summary"/gm)).toHaveLength(20)
  })

  it('as one capture they are read where a process may have fewer files open than there are', () => {
    const words = [MAIN, 'connections', '--format', 'ndjson', ...captures()]
    const all = read(folder, process.execPath, ...words)
    const few = read(folder, 'sh', '-c', 'ulimit -n 110; exec "$@"', 'sh', process.execPath, ...words)
    expect(few).toBe(all)
    expect(JSON.parse(all.split('\n')[0]!).files).toHaveLength(CAPTURES)
  })

  it('a serial run gives one capture record of each capture, and its messages', () => {
    const records = serial
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const of = (type: string) => records.filter((record) => record.type === type)
    expect(of('capture').map(({ files }) => files[0].name)).toEqual(captures())
    expect(of('summary').every(({ messages }) => messages >= 5)).toBe(true)
  })
})
