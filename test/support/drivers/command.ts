// Runs the command line in this process: words in, exit status and what was printed out.
import { Writable } from 'node:stream'
import { main } from '../../../src/cli/main.ts'
import { checkRecordLines } from '../oracles/record-schema.ts'

/** The results of a run of the command line. */
export interface Run {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** How the command is to see its outputs. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly env?: Record<string, string>
}

/** Runs `framewalk <words…>`. Throws if a line of NDJSON is not a record of the shipped schema. */
export async function run(words: readonly string[], terminal: Terminal = {}): Promise<Run> {
  const stdout = new Sink(terminal)
  const stderr = new Sink({})
  const status = await main(words, { stdout, stderr, env: terminal.env ?? {} })
  if (words.includes('ndjson')) checkRecordLines(stdout.text)
  return { status, stdout: stdout.text, stderr: stderr.text }
}

class Sink extends Writable {
  readonly isTTY: boolean
  readonly columns: number
  readonly #parts: Buffer[] = []

  constructor({ isTTY = false, columns = 100 }: Terminal) {
    super()
    this.isTTY = isTTY
    this.columns = columns
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#parts.push(Buffer.from(chunk))
    done()
  }

  get text(): string {
    return Buffer.concat(this.#parts).toString()
  }
}
