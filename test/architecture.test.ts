// The house's rules: which folder may import which, no circles, websocket/ platform neutral, files that stay small.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SOURCE = resolve(dirname(fileURLToPath(import.meta.url)), '../src')

/** In the order of the way of the data. A folder imports the shared files and what its row names; never what comes after it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  capture: [],
  network: ['capture/packet.ts'],
  tcp: ['network/segment.ts', 'network/addresses.ts'],
  tls: [],
  http: [],
  http2: [],
  language: [],
  websocket: ['language/en/fields.ts', 'language/field-meaning.ts'],
  render: ['websocket/', 'language/'],
  page: ['websocket/', 'language/', 'http/extensions.ts'],
  encode: ['websocket/', 'network/segment.ts', 'http/accept.ts'],
  golden: ['render/'],
  matchers: ['golden/', 'render/', 'websocket/'],
  cli: ['render/', 'encode/', 'golden/', 'language/'],
}

/** Files beside the folders that are records, bounds and small operations: for every stage. */
const SHARED = ['bytes', 'stream', 'stage', 'events', 'findings', 'limits', 'payload-memory', 'input-error']

/** Files beside the folders that wire, open or spell out; with who may import them. */
const WIRING: Readonly<Record<string, readonly string[]>> = {
  'analyze.ts': ['cli/', 'index.ts', 'model.ts'],
  'conversation.ts': ['conversations.ts'],
  'conversations.ts': ['analyze.ts'],
  'http2-session.ts': ['conversation.ts'],
  'websocket-session.ts': ['conversation.ts', 'http2-session.ts'],
  'event-batch.ts': ['analyze.ts'],
  'golden-files.ts': ['cli/', 'matchers/'],
  'hex-input.ts': ['cli/', 'page/', 'language/'],
  'index.ts': [],
  'inflate.ts': ['analyze.ts', 'walk-bytes.ts'],
  'input.ts': ['cli/', 'golden-files.ts', 'index.ts'],
  'page-data.ts': ['cli/', 'page/', 'render/'],
  'json-document.ts': ['encode/', 'golden/'],
  'model.ts': ['cli/', 'golden/', 'index.ts', 'matchers/'],
  'records.ts': [
    'golden/',
    'index.ts',
    'matchers/',
    'model.ts',
    'page/',
    'page-data.ts',
    'render/',
    'to-record.ts',
  ],
  'stream-findings.ts': ['websocket-session.ts'],
  'tls-layer.ts': ['conversation.ts', 'conversations.ts'],
  'to-record.ts': ['index.ts', 'model.ts', 'page/', 'render/'],
  'walk-bytes.ts': ['cli/', 'matchers/'],
}

/** Files that may touch Node: the rest of src/ would run in a browser. */
const TOUCHES_NODE =
  /^(cli\/|input\.ts$|inflate\.ts$|index\.ts$|capture\/|network\/|tls\/|http\/|encode\/|render\/|golden\/|golden-files\.ts$|matchers\/)/

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'),
)
const imports = new Map(files.map((file) => [file, importsOf(file)]))

describe('the house', () => {
  it('lets each folder import only what its row names', () => {
    const wrong: string[] = []
    for (const [file, targets] of imports) {
      const folder = folderOf(file)
      for (const target of targets) {
        if (folderOf(target) === folder && folder !== '') continue
        if (SHARED.includes(target.replace(/\.ts$/, ''))) continue
        if (folder === '' && !SHARED.includes(file.replace(/\.ts$/, '')) && folderOf(target) !== 'cli')
          continue
        if (MAY_IMPORT[folder]?.some((allowed) => target.startsWith(allowed))) continue
        if (WIRING[target]?.some((importer) => file.startsWith(importer))) continue
        wrong.push(`${file} → ${target}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('names every file beside the folders in one of its lists', () => {
    const beside = files.filter((file) => folderOf(file) === '')
    expect(beside.sort()).toEqual([...SHARED.map((name) => `${name}.ts`), ...Object.keys(WIRING)].sort())
  })

  it('lets only the named importers use a wiring file', () => {
    const wrong: string[] = []
    for (const [file, targets] of imports) {
      for (const target of targets) {
        const importers = WIRING[target]
        if (importers !== undefined && !importers.some((importer) => file.startsWith(importer)))
          wrong.push(`${file} → ${target}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('has no circles', () => {
    const circles: string[] = []
    const done = new Set<string>()
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      else if (!done.has(file)) for (const target of imports.get(file) ?? []) visit(target, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  it('keeps the decoders free of Node, of clocks and of printing', () => {
    const wrong: string[] = []
    for (const file of files) {
      const text = readFileSync(join(SOURCE, file), 'utf8').replaceAll(/^\s*(\/\/|\*|\/\*\*).*$/gm, '')
      if (!TOUCHES_NODE.test(file) && /from 'node:|\bBuffer\b/.test(text)) wrong.push(`${file} touches Node`)
      if (
        !file.startsWith('cli/') &&
        /\bDate\.now\b|\bconsole\.|\bprocess\./.test(text) &&
        file !== 'input.ts'
      ) {
        wrong.push(`${file} reads a clock, prints or asks the process`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('lets pcap-parser, minizlib, http-parser-js, cli-table3 and yargs be touched by their one adapter only', () => {
    const touching = (name: string): string[] =>
      files
        .filter((file) =>
          new RegExp(`from '${name}'|import\\('${name}'\\)`).test(readFileSync(join(SOURCE, file), 'utf8')),
        )
        .sort()
    expect(touching('pcap-parser')).toEqual(['capture/pcap.ts'])
    expect(touching('minizlib')).toEqual(['capture/gunzip.ts', 'inflate.ts'])
    expect(touching('http-parser-js')).toEqual(['http/heads.ts'])
    expect(touching('yargs').every((file) => file.startsWith('cli/'))).toBe(true)
    expect(touching('cli-table3').every((file) => file.startsWith('render/'))).toBe(true)
  })

  it('keeps every file under 350 lines and the flow on one screen', () => {
    const long = files.filter((file) => lineCount(file) > 350)
    expect(long).toEqual([])
    expect(lineCount('analyze.ts')).toBeLessThan(100)
  })

  it('has no file named after nothing', () => {
    expect(
      files.filter((file) => /(^|\/)(utils?|helpers?|types|manager|misc|common)\.ts$/.test(file)),
    ).toEqual([])
  })
})

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => match[1]!)
  return specifiers.map((specifier) => relative(SOURCE, resolve(SOURCE, dirname(file), specifier)))
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : ''
}

function lineCount(file: string): number {
  return readFileSync(join(SOURCE, file), 'utf8').split('\n').length
}
