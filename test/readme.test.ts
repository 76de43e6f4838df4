// Every output that the README shows was printed by the tool: each `console` block is run again, here, as it stands.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FINDINGS } from '../src/findings.ts'

const ROOT = resolve(import.meta.dirname, '..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
/** A line of dots in the README stands for lines left out. */
const LEFT_OUT = '…'

let bin: string
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'framewalk-readme-'))
  const command = join(bin, 'framewalk')
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist/cli/main.js')}" "$@"\n`)
  chmodSync(command, 0o755)
})
afterAll(() => rmSync(bin, { recursive: true }))

describe('the README', () => {
  const blocks = [...README.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) => commandsOf(block!))

  it('shows commands with their output', () => {
    expect(blocks.length).toBeGreaterThan(5)
  })

  it.each(blocks)('shows what `$command` prints', ({ command, output }) => {
    const env = {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH']}`,
      NO_COLOR: '1',
      COLUMNS: '100',
    }
    const { stdout, stderr } = spawnSync('sh', ['-c', `${command} 2>&1`], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expectShown(stdout, output)
  })

  it('lists every finding code, and none that does not exist', () => {
    const rows = [...README.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code!)
    expect(rows.sort()).toEqual(Object.keys(FINDINGS).sort())
  })
})

function commandsOf(block: string): { command: string; output: string }[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.split('\n')
      return { command, output: output.join('\n') }
    })
}

/** What is shown is what was printed, but for lines left out. */
function expectShown(printed: string, shown: string): void {
  const parts = `\n${shown.trimEnd()}\n`.split(`\n${LEFT_OUT}\n`)
  const whole = `\n${printed.trimEnd()}\n`
  if (parts.length === 1) return void expect(whole.trimEnd()).toBe(parts[0]!.trimEnd())
  let at = 0
  for (const [i, part] of parts.entries()) {
    const found = whole.indexOf(part.trimEnd(), at)
    expect(
      found,
      `this part of the README is not in what was printed:\n${part}\n--- printed:\n${printed}`,
    ).toBeGreaterThanOrEqual(0)
    if (i === 0) expect(found).toBe(0)
    at = found + part.trimEnd().length
  }
}
