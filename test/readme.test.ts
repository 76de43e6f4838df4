// Every output that the README shows was printed by the tool: each `console` block is run again, here, as it stands.
// `npm run readme` prints them anew.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FINDINGS } from '../src/base/findings.ts'
import { LIMITS } from '../src/base/limits.ts'
import { MAIN, skipWithoutBuild } from './support/drivers/requirements.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PATH = join(ROOT, 'README.md')
const BLOCK = /```console\n([\s\S]*?)```/g

let bin: string
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'framewalk-readme-'))
  const command = join(bin, 'framewalk')
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`)
  chmodSync(command, 0o755)
})
afterAll(() => rmSync(bin, { recursive: true }))

describe.skipIf(skipWithoutBuild())('the README', () => {
  const blocks = [...readFileSync(PATH, 'utf8').matchAll(BLOCK)].map(([, block]) => block!)

  it('shows commands with their output', () => {
    expect(blocks.length).toBeGreaterThan(5)
  })

  it.each(blocks)('shows what is printed: %s', (block) => {
    const printed = printedAnew(block)
    if (process.env['UPDATE'] === '1')
      writeFileSync(
        PATH,
        readFileSync(PATH, 'utf8').replace(block, () => printed),
      )
    else expect(printed).toBe(block)
  })

  it('lists every finding code with its kind and reference, and none that does not exist', () => {
    const rows = readFileSync(PATH, 'utf8').matchAll(
      /^\| `([a-z0-9-]+)` \| (violation|warning|capture) \| .+ \| (.+) \|$/gm,
    )
    const listed = [...rows].map(([, code, severity, reference]) => [code, severity, reference])
    const known = Object.entries(FINDINGS).map(([code, { severity, reference }]) => [
      code,
      severity,
      reference,
    ])
    expect(listed.sort()).toEqual(known.sort())
  })

  it('lists every limit with its default', () => {
    const rows = readFileSync(PATH, 'utf8').matchAll(/^\| `--limit-([a-z0-9-]+)` \| ([\d ]+) /gm)
    const listed = [...rows].map(([, name, value]) => [
      name!.replaceAll(/-[a-z]/g, (end) => end[1]!.toUpperCase()),
      Number(value!.replaceAll(' ', '')),
    ])
    expect(listed).toEqual(Object.entries(LIMITS).map(([name, { value }]) => [name, value]))
  })
})

/** The block with what its commands print today. */
function printedAnew(block: string): string {
  const commands = [...block.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command!)
  return commands.map((command) => `$ ${command}\n${printedBy(command)}`).join('')
}

function printedBy(command: string): string {
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    NO_COLOR: '1',
    COLUMNS: '100',
  }
  const { stdout } = spawnSync('sh', ['-c', `(${command}) 2>&1`], { cwd: ROOT, env, encoding: 'utf8' })
  return stdout.replaceAll(/ +$/gm, '')
}
