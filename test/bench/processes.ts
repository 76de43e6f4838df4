// Runs commands as whole processes and measures them with GNU time: wall time, processor time, peak memory.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** What a run cost. */
export interface Cost {
  /** Seconds. */
  readonly wall: number
  /** Seconds of the processor, user and system. */
  readonly cpu: number
  /** Largest resident set, in MiB. */
  readonly peak: number
}

const METER = '/usr/bin/time'

/** True if a program can be run. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** True if GNU time is there to measure with. */
export function canMeasure(): boolean {
  return isInstalled(METER)
}

/** Runs a command once, its output into a file, and measures it. Throws if it fails. */
export function measure(command: readonly string[], output: string, folder: string): Cost {
  const figures = `${folder}/figures`
  const file = openSync(output, 'w')
  let wall: number
  try {
    const words = ['-f', '%U %S %M', '-o', figures, ...command]
    const started = performance.now()
    const { status } = spawnSync(METER, words, { stdio: ['ignore', file, 'ignore'] })
    wall = (performance.now() - started) / 1000
    if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`)
  } finally {
    closeSync(file)
  }
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(figures, 'utf8').trim().split(' ').map(Number)
  return { wall, cpu: user + system, peak: kilobytes / 1024 }
}

/** The lines that a command prints, as they come. Throws if it fails. */
export async function* linesOf([program, ...words]: readonly string[]): AsyncGenerator<string> {
  const child = spawn(program!, words, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'close')
  yield* createInterface({ input: child.stdout })
  const [status] = await ended
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${status}`)
}

/** The middle one of several costs, figure by figure; of the peak the largest. */
export function medianCost(costs: readonly Cost[]): Cost {
  return {
    wall: median(costs.map(({ wall }) => wall)),
    cpu: median(costs.map(({ cpu }) => cpu)),
    peak: Math.max(...costs.map(({ peak }) => peak)),
  }
}

/** The middle one of several numbers. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}
