// The documents say what is so: every `console` block is run again, here, as it stands; every link leads somewhere; the tables of findings
// and limits are those of the code. Needs `npm run build`. `npm run readme` writes outputs and tables anew.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FINDINGS, type FindingCode } from '../src/base/findings.ts'
import { LIMITS } from '../src/base/limits.ts'
import { findings } from '../src/language/en/findings.ts'
import {
  anchorsOf,
  consoleBlocksOf,
  DOCUMENTS,
  linksOf,
  READMES,
  textOf,
} from './support/drivers/documents.ts'
import { MAIN, skipWithoutBuild } from './support/drivers/requirements.ts'

const ROOT = resolve(import.meta.dirname, '..')
const UPDATES = process.env['UPDATE'] === '1'
/** In bytes: a page that a newcomer reads to its end. */
const LONGEST_README = 15 * 1024
/** Where the tables of findings and limits stand. */
const TABLES = 'src/base/README.md'

let bin: string
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'framewalk-readme-'))
  const command = join(bin, 'framewalk')
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`)
  chmodSync(command, 0o755)
})
afterAll(() => rmSync(bin, { recursive: true }))

describe.skipIf(skipWithoutBuild())('the README', () => {
  const blocks = READMES.flatMap((readme) => consoleBlocksOf(readme).map((block) => ({ readme, block })))

  it('are there', () => {
    expect(blocks.length).toBeGreaterThan(15)
  })

  it.each(blocks)('are printed today: $readme, $block', ({ readme, block }) => {
    const printed = printedAnew(block)
    if (UPDATES) replaceBlock(readme, block, printed)
    else expect(printed).toBe(block)
  })
})

describe('the tables of the manual', () => {
  it('list every finding with its kind, its sentence and its reference', () => {
    expectTable('findings', [
      '| code | kind | what it means | reference |',
      '|---|---|---|---|',
      ...Object.entries(FINDINGS).map(
        ([code, { severity, reference }]) =>
          `| \`${code}\` | ${severity} | ${findings.rules[code as FindingCode]} | ${reference} |`,
      ),
    ])
  })

  it('list every limit with its default', () => {
    expectTable('limits', [
      '| option | default | what it bounds |',
      '|---|---|---|',
      ...Object.entries(LIMITS).map(([name, { value, unit, holds }]) => {
        const option = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
        const spaced = String(value).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
        return `| \`--limit-${option}\` | ${spaced} ${unit} | ${holds} |`
      }),
    ])
  })
})

describe('the documents', () => {
  it('begin with a README that is read to its end', () => {
    expect(Buffer.byteLength(textOf('README.md'))).toBeLessThanOrEqual(LONGEST_README)
  })

  it.each(DOCUMENTS)('have links that lead somewhere: %s', (document) => {
    const dead = linksOf(document).filter(
      ({ path, anchor }) =>
        !existsSync(join(ROOT, path)) || (anchor !== undefined && !anchorsOf(path).includes(anchor)),
    )
    expect(dead.map(({ written }) => written)).toEqual([])
  })

  it('are shipped together with what they link to', () => {
    const shipped = shippedFiles()
    const isShipped = (path: string) => shipped.some((file) => file === path || file.startsWith(`${path}/`))
    expect(DOCUMENTS.filter((document) => !isShipped(document))).toEqual([])
    const missing = DOCUMENTS.flatMap((document) =>
      linksOf(document)
        .filter(({ path }) => !isShipped(path))
        .map(({ written }) => `${document}: ${written}`),
    )
    expect(missing).toEqual([])
  })

  it('name only scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const named = DOCUMENTS.flatMap((document) =>
      [...textOf(document).matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name]) => name!),
    )
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
  })
})

/** Holds a generated table against the manual, or writes it there. It stands between two comments that name it. */
function expectTable(name: string, rows: readonly string[]): void {
  const text = textOf(TABLES)
  const pattern = new RegExp(`(<!-- ${name}: .* -->\n)[^]*?(<!-- end of ${name} -->)`)
  const anew = text.replace(pattern, (_, start, end) => `${start}\n${rows.join('\n')}\n\n${end}`)
  if (UPDATES) writeFileSync(join(ROOT, TABLES), anew)
  expect(text).toMatch(pattern)
  expect(textOf(TABLES)).toBe(anew)
}

function replaceBlock(document: string, shown: string, anew: string): void {
  writeFileSync(
    join(ROOT, document),
    textOf(document).replace(`\`\`\`console\n${shown}\`\`\``, () => `\`\`\`console\n${anew}\`\`\``),
  )
}

/** The files that the package holds. */
function shippedFiles(): string[] {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path)
}

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
