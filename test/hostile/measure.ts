// Runs an attack against a build of the command, in a process and a folder of its own, and measures the process.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Attack, AttackCommand } from './attack.ts'

/** What a run cost. */
export interface Measured {
  /** The name of a signal if one ended it: SIGABRT if V8 had no memory left, SIGXCPU if it took too long. */
  readonly status: number | string
  /** CPU time, of the user and of the system. */
  readonly seconds: number
  /** Largest resident set, in bytes. */
  readonly peak: number
  /** Of its standard input and of the files in its folder; a file that the command names twice is read twice. */
  readonly bytesIn: number
  /** To standard output and into files. */
  readonly bytesOut: number
  readonly stderr: string
  /** The exit statuses that are right. */
  readonly statuses: readonly number[]
}

/** Seconds of CPU time after which a process hangs, unless told otherwise. */
export const CEILING = 120
/** What waits for something that never comes takes no CPU time: it is ended after this many times the ceiling, by the clock. */
const STALLED = 10
/** Milliseconds between two looks at a process: what they saw stands for one that is killed, which cannot say what it used. */
const LOOK_EVERY = 50

/** Makes the process print what it used, as its last line on standard error. */
const METER = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  require('node:fs').writeSync(2, '\\nused ' + (userCPUTime + systemCPUTime) / 1e6 + ' ' + maxRSS * 1024 + '\\n')
})`
const METER_MODULE = `data:text/javascript,${encodeURIComponent(
  `import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${METER}`,
)}`

/** Prepares the attack and runs it. `main`: the built command line. `ceiling`: the most seconds of CPU time. */
export async function measureAttack(
  { prepare }: Pick<Attack, 'prepare'>,
  units: number,
  main: string,
  ceiling = CEILING,
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-attack-'))
  try {
    const command = await prepare(folder, units)
    if (command.first !== undefined)
      await measureRun({ words: command.first, statuses: [] }, folder, main, ceiling)
    return await measureRun(command, folder, main, ceiling)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** CPU seconds that a build takes to begin. */
export async function startOf(main: string): Promise<number> {
  const prepare = () => ({ words: ['--version'], statuses: [0] })
  const runs = [await measureAttack({ prepare }, 0, main), await measureAttack({ prepare }, 0, main)]
  return Math.min(...runs.map(({ seconds }) => seconds))
}

async function measureRun(
  { words, input = [], statuses }: AttackCommand,
  folder: string,
  main: string,
  ceiling: number,
): Promise<Measured> {
  const filesBefore = bytesIn(folder)
  const filesRead = bytesIn(folder, (name) => Math.max(1, words.filter((word) => word === name).length))
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      `ulimit -c 0; ulimit -t ${ceiling}; exec "$0" "$@"`,
      process.execPath,
      '--import',
      METER_MODULE,
      main,
      ...words,
    ],
    { cwd: folder, stdio: 'pipe' },
  )
  let piped = 0
  let printed = 0
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => {
    printed += data.length
  })
  child.stderr.on('data', (data: Buffer) => {
    stderr = (stderr + data.toString()).slice(-4000)
  })
  const counted = async function* () {
    for await (const piece of input) {
      piped += piece.length
      yield piece
    }
  }
  let seen = { seconds: 0, peak: 0 }
  const look = setInterval(() => {
    seen = usedBy(child.pid!) ?? seen
  }, LOOK_EVERY)
  const stalled = setTimeout(() => child.kill('SIGKILL'), ceiling * STALLED * 1000)
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal!)),
  )
  await pipeline(Readable.from(counted(), { objectMode: true }), child.stdin).catch(() => {})
  const status = await ended
  clearInterval(look)
  clearTimeout(stalled)
  const used = /\nused ([\d.]+) (\d+)\n$/.exec(stderr)
  return {
    status,
    seconds: used === null ? seen.seconds : Number(used[1]),
    peak: used === null ? seen.peak : Number(used[2]),
    bytesIn: filesRead + piped,
    bytesOut: printed + Math.max(0, bytesIn(folder) - filesBefore),
    stderr: stderr.replace(/\nused .*\n$/, ''),
    statuses,
  }
}

/** What a process has used so far, as Linux tells. Undefined elsewhere, and after its end. */
function usedBy(pid: number): { seconds: number; peak: number } | undefined {
  try {
    const times = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    const [, kilobytes = 0] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return { seconds: (Number(times[11]) + Number(times[12])) / 100, peak: Number(kilobytes) * 1024 }
  } catch {
    return undefined
  }
}

function bytesIn(folder: string, times: (name: string) => number = () => 1): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.reduce(
    (sum, name) => sum + times(name) * (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
