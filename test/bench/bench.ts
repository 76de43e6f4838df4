// npm run bench: framewalk against tshark and tcpdump on generated captures, and its frame decoder against ws. Prints Markdown
// tables. Results are compared before anything is timed; nothing fails because of the clock. Wall times are meaningful only on an
// idle machine.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CaptureFormat } from './capture-writer.ts'
import { bulk, compressed, type MakeCapture, mix, smallFrames } from './captures.ts'
import { compareDecoders } from './decoders.ts'
import { type Cost, canMeasure, isInstalled, linesOf, measure, medianCost } from './processes.ts'

interface Subject {
  readonly name: string
  readonly format: CaptureFormat
  readonly make: MakeCapture
  readonly count: number
  /** framewalk's commands to be timed. */
  readonly runs: readonly Run[]
  /** tcpdump copies it, too. */
  readonly copied?: true
  /** It is out of order, and tshark must be told to put it right. */
  readonly disordered?: true
}

interface Run {
  readonly name: string
  readonly words: readonly string[]
  /** Its output goes to a file, not to /dev/null. */
  readonly toFile?: true
}

const CONNECTIONS: Run = { name: 'connections', words: ['connections'] }
const NDJSON: Run = { name: '--format ndjson', words: ['frames', '--format', 'ndjson'] }
const TABLE: Run = { name: 'table, to a file', words: ['frames'], toFile: true }

const SUBJECTS: readonly Subject[] = [
  { name: 'small', format: 'pcap', make: smallFrames, count: 1_000_000, runs: [CONNECTIONS, NDJSON, TABLE] },
  {
    name: 'small-pcapng',
    format: 'pcapng',
    make: smallFrames,
    count: 1_000_000,
    runs: [CONNECTIONS, NDJSON],
  },
  { name: 'bulk', format: 'pcap', make: bulk, count: 8000, runs: [CONNECTIONS, NDJSON], copied: true },
  { name: 'compressed', format: 'pcap', make: compressed, count: 200_000, runs: [CONNECTIONS, NDJSON] },
  { name: 'mix', format: 'pcap', make: mix, count: 100_000, runs: [CONNECTIONS], disordered: true },
  { name: 'small-10x', format: 'pcap', make: smallFrames, count: 10_000_000, runs: [CONNECTIONS, NDJSON] },
]
/** A frame's record up to its opcode: the packet that completes it, and the opcode. */
const FRAME = /^{"type":"frame",[^{]*{"first":\d+,"last":(\d+)}.*?"opcode":(\d+)/
const USUAL = 'small,small-pcapng,bulk,compressed,mix,decoders,start-up'
/** What `npm start` shows first. */
const ARTICLE = 'fixtures/article.pcapng'
/** Starts are short, and their times differ. */
const STARTS = 21

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string', default: USUAL },
    framewalk: { type: 'string', default: 'dist/cli/main.js' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(
    `npm run bench -- [--rounds 5] [--scale 1] [--only ${USUAL},small-10x] [--framewalk dist/cli/main.js]\n`,
  )
} else {
  await bench(Number(values.rounds), Number(values.scale), values.only.split(','))
}

async function bench(rounds: number, scale: number, only: readonly string[]): Promise<void> {
  if (!(rounds >= 1 && scale > 0)) throw new RangeError('--rounds and --scale take numbers above 0')
  if (!existsSync(values.framewalk)) throw new RangeError(`${values.framewalk} is not there: npm run build`)
  if (!canMeasure()) throw new RangeError('GNU time is needed to measure with: apt-get install time')
  process.stdout.write(
    `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${rounds} rounds, medians\n\n`,
  )
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-bench-'))
  try {
    const subjects = SUBJECTS.filter(({ name }) => only.includes(name))
    if (subjects.length > 0) {
      row('capture', 'command', 'wall s', 'CPU s', 'peak MiB', 'tshark wall ÷', 'tshark CPU ÷', 'results')
      row('---', '---', '--:', '--:', '--:', '--:', '--:', '---')
    }
    for (const subject of subjects) await benchSubject(subject, rounds, scale, folder)
    if (only.includes('decoders')) await benchDecoders(rounds, scale)
    if (only.includes('start-up')) benchStartUp(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A command, and what its runs cost. */
interface Measured {
  readonly name: string
  readonly words: readonly string[]
  /** Unless given, /dev/null. */
  readonly output?: string
  readonly costs: Cost[]
}

function measureInTurns(commands: readonly Measured[], rounds: number, folder: string): void {
  for (let round = 0; round < rounds; round++) {
    for (const { words, output = '/dev/null', costs } of commands) costs.push(measure(words, output, folder))
  }
}

async function benchSubject(subject: Subject, rounds: number, scale: number, folder: string): Promise<void> {
  const capture = join(folder, `${subject.name}.${subject.format}`)
  await subject.make(capture, subject.format, Math.max(10, Math.round(subject.count * scale)))
  const hasTshark = isInstalled('tshark')
  const results = hasTshark ? await compareResults(subject, capture) : 'tshark is not installed'
  const commands: Measured[] = []
  if (hasTshark) commands.push({ name: 'tshark', words: tsharkCommand(subject, capture), costs: [] })
  for (const { name, words, toFile } of subject.runs) {
    const command = [process.execPath, values.framewalk, ...words, capture]
    const output = toFile ? join(folder, 'output') : '/dev/null'
    commands.push({ name: `framewalk ${name}`, words: command, output, costs: [] })
  }
  if (subject.copied && isInstalled('tcpdump')) {
    commands.push({
      name: 'tcpdump -w /dev/null',
      words: ['tcpdump', '-r', capture, '-w', '/dev/null'],
      costs: [],
    })
  }
  measureInTurns(commands, rounds, folder)
  const tshark = hasTshark ? medianCost(commands[0]!.costs) : undefined
  for (const { name, costs } of commands) {
    const { wall, cpu, peak } = medianCost(costs)
    const [wallRatio, cpuRatio] = [tshark && tshark.wall / wall, tshark && tshark.cpu / cpu]
    row(
      subject.name,
      name,
      wall.toFixed(2),
      cpu.toFixed(2),
      peak.toFixed(0),
      ratio(wallRatio),
      ratio(cpuRatio),
      results,
    )
  }
  rmSync(capture)
}

function tsharkCommand({ disordered }: Subject, capture: string): string[] {
  const order = disordered ? ['-o', 'tcp.reassemble_out_of_order:TRUE'] : []
  const fields = ['frame.number', 'websocket.opcode'].flatMap((name) => ['-e', name])
  return ['tshark', '-n', '-r', capture, ...order, '-Y', 'websocket', '-T', 'fields', ...fields]
}

/** Each frame's opcode and the packet that completes it, of both programs. Throws if they differ. */
async function compareResults(subject: Subject, capture: string): Promise<string> {
  const theirs: string[] = []
  for await (const line of linesOf(tsharkCommand(subject, capture))) {
    const [packet, opcodes = ''] = line.split('\t')
    for (const opcode of opcodes.split(',')) theirs.push(`${packet} ${opcode}`)
  }
  const ours: string[] = []
  for await (const line of linesOf([process.execPath, values.framewalk, ...NDJSON.words, capture])) {
    const frame = FRAME.exec(line)
    if (frame !== null) ours.push(`${frame[1]} ${frame[2]}`)
  }
  const missing = difference(theirs, ours)
  const added = difference(ours, theirs)
  if (missing.length + added.length > ours.length / 100) {
    throw new Error(
      `${subject.name}: tshark has ${missing.length} frames that framewalk has not (${missing.slice(0, 3)}), and lacks ${added.length} (${added.slice(0, 3)})`,
    )
  }
  const differ = missing.length + added.length
  return differ === 0
    ? `equal: ${ours.length} frames`
    : `${ours.length} frames, tshark lacks ${added.length}, has ${missing.length} others`
}

/** What `of` has more often than `than`. */
function difference(of: readonly string[], than: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const key of than) counts.set(key, (counts.get(key) ?? 0) + 1)
  return of.filter((key) => {
    const left = counts.get(key) ?? 0
    counts.set(key, left - 1)
    return left <= 0
  })
}

async function benchDecoders(rounds: number, scale: number): Promise<void> {
  process.stdout.write('\n')
  row('frame decoder alone', 'framewalk ns a frame', 'ws ns a frame', 'ws ÷')
  row('---', '--:', '--:', '--:')
  for (const { name, framewalk, ws } of await compareDecoders(Math.ceil(1_000_000 * scale), rounds)) {
    row(name, framewalk.toFixed(0), ws.toFixed(0), ratio(ws / framewalk))
  }
}

function benchStartUp(folder: string): void {
  const start = (name: string, ...words: readonly string[]): Measured => {
    return { name, words: [process.execPath, ...words], costs: [] }
  }
  const commands = [
    start('node -e 0', '-e', '0'),
    start('framewalk --help', values.framewalk, '--help'),
    start(`framewalk ${ARTICLE}`, values.framewalk, ARTICLE),
  ]
  measureInTurns(commands, STARTS, folder)
  process.stdout.write('\n')
  row('start-up', 'wall ms', 'CPU ms', 'more than node -e 0, wall ms', 'peak MiB')
  row('---', '--:', '--:', '--:', '--:')
  const bare = medianCost(commands[0]!.costs)
  for (const { name, costs } of commands) {
    const { wall, cpu, peak } = medianCost(costs)
    row(
      name,
      (wall * 1000).toFixed(0),
      (cpu * 1000).toFixed(0),
      ((wall - bare.wall) * 1000).toFixed(0),
      peak.toFixed(0),
    )
  }
}

function ratio(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(1)
}

function row(...cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}
