// A progress bar on standard error, for long work on a terminal.
import type { Input } from '../../platform/node/input.ts'

/** Shorter work shows no bar. */
const DELAY_MS = 700
const REDRAW_MS = 100

/**
 * Counts the bytes of the inputs as they are read. There is no bar if the results go to the same terminal: it would cover them.
 */
export function withProgress(
  inputs: readonly Input[],
  results: { isTTY?: boolean },
): { inputs: Input[]; stop: () => void } {
  const sizes = inputs.map((input) => input.size)
  const total = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
  if (process.stderr.isTTY !== true || results.isTTY === true || sizes.includes(undefined)) {
    return { inputs: [...inputs], stop: () => {} }
  }
  let read = 0
  let bar: { update(value: number): void; stop(): void } | undefined
  let stopped = false
  let drawn = 0
  const started = Date.now()

  const advance = async (bytes: number): Promise<void> => {
    read += bytes
    const now = Date.now()
    if (now - started < DELAY_MS || now - drawn < REDRAW_MS) return
    drawn = now
    if (bar === undefined) {
      const { SingleBar } = await import('cli-progress')
      if (stopped) return
      const single = new SingleBar({
        format: '{bar} {percentage} %  {eta_formatted} left',
        hideCursor: true,
        stream: process.stderr,
        clearOnComplete: true,
      })
      single.start(total, read)
      bar = single
    }
    // What is read twice counts twice.
    bar.update(Math.min(read, total))
  }

  return {
    inputs: inputs.map(({ chunksFrom, ...input }) => ({
      ...input,
      chunks: counted(input.chunks, advance),
      chunksFrom:
        chunksFrom && ((position, chunkLength) => counted(chunksFrom(position, chunkLength), advance)),
    })),
    stop: () => {
      stopped = true
      bar?.stop()
    },
  }
}

async function* counted(
  chunks: Input['chunks'],
  advance: (bytes: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    await advance(chunk.length)
    yield chunk
  }
}
