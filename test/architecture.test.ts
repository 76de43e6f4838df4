// The house's rules: which folder may import which, no circles, websocket/ platform neutral, files that stay small.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SOURCE = resolve(dirname(fileURLToPath(import.meta.url)), '../src')

/** The rooms in the order of the way of the data, each with those whose files it may import: all of them stand before it. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  platform: ['base'],
  capture: ['base', 'platform'],
  network: ['base', 'capture'],
  tcp: ['base', 'network'],
  tls: ['base', 'platform'],
  http: ['base', 'platform'],
  http2: ['base'],
  websocket: ['base'],
  conversation: ['base', 'platform', 'tcp', 'tls', 'http', 'http2', 'websocket'],
  pasted: ['base'],
  language: ['base', 'pasted'],
  records: ['base', 'language'],
  'platform/node': ['base', 'platform'],
  'analyze.ts': ['base', 'platform', 'capture', 'network', 'tcp', 'tls', 'http', 'conversation'],
  'codec.ts': ['base', 'websocket', 'language'],
  render: ['base', 'websocket', 'records', 'language'],
  report: ['base', 'websocket', 'records', 'language', 'render'],
  encode: ['base', 'network', 'http', 'websocket', 'platform/node'],
  golden: ['base', 'websocket', 'records', 'render', 'platform/node'],
  'index.ts': ['base', 'network', 'tls', 'records', 'platform/node', 'encode', 'analyze.ts'],
  page: ['base', 'pasted', 'http', 'websocket', 'records', 'language', 'report'],
  matchers: ['base', 'conversation', 'records', 'platform/node', 'codec.ts', 'render', 'golden'],
  cli: [
    'base',
    'pasted',
    'network',
    'tls',
    'conversation',
    'records',
    'language',
    'platform/node',
    'analyze.ts',
    'render',
    'report',
    'encode',
    'golden',
  ],
}

/** Rooms that may touch Node. All others run in a browser as they are. */
const TOUCHES_NODE = /^(platform\/node|index\.ts|encode|render|report|golden|matchers|cli)$/

/** Lines of a file that its only neighbour could hold as well. */
const SMALL = 40

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'),
)
const imports = new Map(files.map((file) => [file, importsOf(file)]))

describe('the rules of the house', () => {
  it('src/ has no file beside the rooms', () => {
    expect(files.filter((file) => ROOMS[roomOf(file)] === undefined)).toEqual([])
  })

  it('each room imports only what its row names', () => {
    const wrong: string[] = []
    for (const [file, targets] of imports) {
      const allowed = [roomOf(file), ...(ROOMS[roomOf(file)] ?? [])]
      for (const target of targets) if (!allowed.includes(roomOf(target))) wrong.push(`${file} → ${target}`)
    }
    expect(wrong).toEqual([])
  })

  it('lets no row name a room that comes after its own', () => {
    const order = Object.keys(ROOMS)
    const upwards = order.flatMap((room, i) => ROOMS[room]!.filter((other) => order.indexOf(other) >= i))
    expect(upwards).toEqual([])
  })

  it('no import goes in a circle', () => {
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

  it('the decoders are free of Node, of clocks and of printing', () => {
    const wrong: string[] = []
    for (const file of files) {
      const text = readFileSync(join(SOURCE, file), 'utf8').replaceAll(/^\s*(\/\/|\*|\/\*\*).*$/gm, '')
      // In patterns, the word is what Node prints.
      if (!TOUCHES_NODE.test(roomOf(file)) && /from 'node:|(?<!["|:])\bBuffer\b/.test(text))
        wrong.push(`${file} touches Node`)
      if (
        !file.startsWith('cli/') &&
        /\bDate\.now\b|\bconsole\.|\bprocess\./.test(text) &&
        file !== 'platform/node/input.ts' &&
        file !== 'platform/node/interrupt.ts'
      ) {
        wrong.push(`${file} reads a clock, prints or asks the process`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('the command line tells the user of a fault by an InputError: every other error is its own fault', () => {
    const own = files.filter((file) => file.startsWith('cli/'))
    expect(
      own.filter((file) => /new (Range|Type)?Error\(/.test(readFileSync(join(SOURCE, file), 'utf8'))),
    ).toEqual([])
  })

  it('only one adapter each touches pcap-parser, minizlib, http-parser-js, cli-table3 and yargs', () => {
    const touching = (name: string): string[] =>
      files
        .filter((file) =>
          new RegExp(`from '${name}'|import\\('${name}'\\)`).test(readFileSync(join(SOURCE, file), 'utf8')),
        )
        .sort()
    expect(touching('pcap-parser')).toEqual(['capture/pcap.ts'])
    expect(touching('minizlib')).toEqual(['platform/node/gunzip.ts', 'platform/node/inflate.ts'])
    expect(touching('http-parser-js')).toEqual(['http/heads.ts'])
    expect(touching('yargs').every((file) => file.startsWith('cli/'))).toBe(true)
    expect(touching('cli-table3').every((file) => file.startsWith('render/'))).toBe(true)
  })

  it('every file is under 500 lines, and the flow fits on one screen', () => {
    const long = files.filter((file) => lineCount(file) > 500)
    expect(long).toEqual([])
    expect(lineCount('analyze.ts')).toBeLessThan(101)
  })

  it('a small file beside its only importer says why it stands alone', () => {
    const silent = files.filter((file) => {
      const importers = files.filter((other) => imports.get(other)!.includes(file))
      const isSmall = lineCount(file) <= SMALL && importers.length === 1
      return isSmall && dirname(importers[0]!) === dirname(file) && !/\bstands? alone\b/.test(headerOf(file))
    })
    expect(silent).toEqual([])
  })

  it('no file has a name that says nothing', () => {
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

/** The folder right below src/, or the loose file itself; of platform/, what each platform brings is a room of its own. */
function roomOf(file: string): string {
  return /^(platform\/node|[^/]+)/.exec(file)![0]
}

/** The comment that a file begins with. */
function headerOf(file: string): string {
  return /^(\/\/.*\n)*/.exec(readFileSync(join(SOURCE, file), 'utf8'))![0]
}

function lineCount(file: string): number {
  return readFileSync(join(SOURCE, file), 'utf8').split('\n').length
}
