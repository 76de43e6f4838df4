// --jobs: several captures, each by itself, several at a time in worker threads. Results come in the order of the arguments. The
// output of a capture waits in a file of its own until its turn comes: no output is held in memory, and no thread waits for
// another.
import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { InputError } from '../base/input-error.ts'
import { LIMITS, type LimitName, type Limits } from '../base/limits.ts'
import { beforeInterrupt } from '../platform/node/interrupt.ts'
import { isMachineFault, readingFault, writingFault } from '../platform/node/machine-faults.ts'
import { escapeText } from '../render/text/escape.ts'
import { paintWith } from '../render/text/style.ts'
import type { CaptureArguments } from './options.ts'
import { type Output, outputTo } from './terminal/output.ts'
import { colorOf, ExitStatus, type Streams, widthOf } from './terminal/streams.ts'
import type { TlsSecrets } from './tls-secrets.ts'

/** What helps if the folder for temporary files cannot be written. */
export const OTHER_FOLDER = 'name another folder with TMPDIR'

/** What every thread gets at its start. It can be cloned. */
export interface JobSetting {
  readonly command: 'frames' | 'connections' | 'messages'
  readonly argv: Readonly<Record<string, unknown>>
  /** Their captures are not read. */
  readonly args: CaptureArguments
  readonly secrets: TlsSecrets
  readonly columns: number
}

/** One capture, and the file for its output. */
export interface Job {
  readonly index: number
  readonly capture: string
  readonly output: string
}

/** The result of a job. `complaint`: a line for standard error, or ''. */
export interface JobResult {
  readonly index: number
  readonly status: number
  readonly complaint: string
}

/**
 * Runs one job for each capture and returns the exit status: 2 if one of them could not be read, else 3 if one is damaged. Throws
 * InputError for standard input, which no thread can read, and if the machine refuses threads or temporary files.
 */
export async function runJobs(
  setting: Omit<JobSetting, 'columns'>,
  count: number,
  streams: Streams,
): Promise<number> {
  const { captures } = setting.args
  if (captures.length === 0) throw new InputError('no capture was named; --jobs takes one or more files')
  if (captures.includes('-'))
    throw new InputError('-: standard input cannot be read with --jobs; name capture files')
  const color = colorOf(streams, setting.args.color)
  const threads = Math.min(count, captures.length)
  const { reading } = setting.args
  const limits = limitsOfEach(reading.limits, threads)
  const args: CaptureArguments = { ...setting.args, reading: { ...reading, limits }, captures: [], color }
  const folder = join(tmpdir(), `framewalk-${randomBytes(12).toString('hex')}`)
  const remove = (): void => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch {
      // It could not be made, or is closed to us by now: there is nothing more to be done.
    }
  }
  // Before the folder exists: a signal may come at any time.
  const undo = beforeInterrupt(remove)
  makeFolder(folder)
  const jobs = captures.map((capture, index) => ({ index, capture, output: join(folder, String(index)) }))
  const pool = new WorkerPool({ ...setting, args, columns: widthOf(streams) }, jobs, threads)
  const output = outputTo(streams.stdout)
  const paint = paintWith(color)
  const statuses = new Set<number>()
  try {
    for (const { index, capture, output: file } of jobs) {
      const { status, complaint } = await pool.results[index]!
      statuses.add(status)
      if (complaint !== '') streams.stderr.write(complaint)
      if (args.format === 'table' && holdsAny(file))
        output.write(`${index > 0 ? '\n' : ''}${paint('bold', `capture ${escapeText(capture)}`)}\n\n`)
      await copyTo(output, file)
      if (output.closed) return ExitStatus.done
    }
  } finally {
    await pool.stop()
    undo()
    remove()
  }
  return [ExitStatus.usage, ExitStatus.damaged].find((status) => statuses.has(status)) ?? ExitStatus.done
}

/** What is bounded for all threads together, and what each needs of it for ordinary captures. */
const SHARED: readonly (readonly [name: LimitName, least: number])[] = [
  ['waitingTotal', 32 * 2 ** 20],
  ['connections', 10_000],
  ['webSockets', 2000],
  ['inflaters', 64],
]

/** MiB of new objects in each thread. */
const YOUNG = 8

/** The limits of each thread. What was changed stays as it is. */
function limitsOfEach(changed: Partial<Limits>, threads: number): Partial<Limits> {
  const parts = SHARED.map(([name, least]) => {
    const { value } = LIMITS[name]
    return [name, Math.min(value, Math.max(least, Math.ceil(value / threads)))]
  })
  return { ...Object.fromEntries(parts), ...changed }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, 0o700)
  } catch (error) {
    throw writingFault(tmpdir(), error, OTHER_FOLDER)
  }
}

/** False if the capture could not be opened: then nothing was printed. */
function holdsAny(file: string): boolean {
  return existsSync(file) && statSync(file).size > 0
}

async function copyTo(output: Output, file: string): Promise<void> {
  // If the thread could not make it, its complaint says why.
  if (!existsSync(file)) return
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
    output.write(chunk)
    await output.drained()
    if (output.closed) break
  }
  rmSync(file)
}

/** Threads, each with one job at a time. */
class WorkerPool {
  /** By job. */
  readonly results: readonly Promise<JobResult>[]
  readonly #settle: ((result: JobResult | Promise<never>) => void)[] = []
  readonly #waiting: Job[]
  readonly #workers: Worker[]

  constructor(setting: JobSetting, jobs: readonly Job[], count: number) {
    this.#waiting = [...jobs]
    this.results = jobs.map(({ index }) => {
      const result = new Promise<JobResult>((resolve) => {
        this.#settle[index] = resolve
      })
      // The loop that waits for it is told. It may have ended already.
      result.catch(() => {})
      return result
    })
    const file = new URL('./job-worker.js', import.meta.url)
    this.#workers = Array.from({ length: count }, () => {
      const worker = new Worker(file, {
        workerData: setting,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
      })
      worker.on('message', (result: JobResult) => {
        this.#settle[result.index]!(result)
        this.#give(worker)
      })
      worker.on('error', (error) => {
        const fault = isMachineFault(error) ? readingFault('--jobs', error) : error
        for (const settle of this.#settle) settle(Promise.reject(fault))
      })
      this.#give(worker)
      return worker
    })
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #give(worker: Worker): void {
    const job = this.#waiting.shift()
    if (job !== undefined) worker.postMessage(job)
  }
}
