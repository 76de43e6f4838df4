// Runs the command in a process of its own, a capture on its standard input, and measures the process.
import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What a run cost. */
export interface Measured {
  readonly status: number | null
  /** CPU time, of the user and of the system. */
  readonly seconds: number
  /** Largest resident set, in bytes. */
  readonly peak: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly stderr: string
}

/** Makes the process print what it used, as its last line on standard error. */
const METER = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  require('node:fs').writeSync(2, '\\nused ' + (userCPUTime + systemCPUTime) / 1e6 + ' ' + maxRSS * 1024 + '\\n')
})`
const METER_MODULE = `data:text/javascript,${encodeURIComponent(
  `import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${METER}`,
)}`

/** Runs node with `entry` and then `words`. */
export async function measureCli(
  entry: readonly string[],
  words: readonly string[],
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Measured> {
  const child = spawn(process.execPath, ['--import', METER_MODULE, ...entry, ...words], { stdio: 'pipe' })
  let bytesIn = 0
  let bytesOut = 0
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => {
    bytesOut += data.length
  })
  child.stderr.on('data', (data: Buffer) => {
    stderr = (stderr + data.toString()).slice(-4000)
  })
  const counted = async function* () {
    for await (const piece of pieces) {
      bytesIn += piece.length
      yield piece
    }
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await pipeline(Readable.from(counted(), { objectMode: true }), child.stdin).catch(() => {})
  const status = await ended
  const used = /\nused ([\d.]+) (\d+)\n$/.exec(stderr)
  return {
    status,
    seconds: Number(used?.[1]),
    peak: Number(used?.[2]),
    bytesIn,
    bytesOut,
    stderr: stderr.replace(/\nused .*\n$/, ''),
  }
}
