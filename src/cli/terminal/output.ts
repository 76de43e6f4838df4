// Standard output with back-pressure. A closed pipe (`| head`) is no error.

/** Where a command writes its results. */
export interface Output {
  /** Queues text or bytes; calls `written` once they are written, and their memory may be used again. */
  readonly write: (data: string | Uint8Array, written?: () => void) => void
  /** Resolves once the reader has caught up. */
  drained(): Promise<void>
  /** True once the reader has gone: nothing more needs to be made. */
  readonly closed: boolean
}

/** The output over a stream of Node's. Throws, from `drained`, what the machine refuses (a full disk, say). */
export function outputTo(stream: NodeJS.WritableStream): Output {
  let closed = false
  let failure: Error | undefined
  let full = false
  let wake: (() => void) | undefined
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') closed = true
    else failure = error
    wake?.()
  })
  stream.on('drain', () => {
    full = false
    wake?.()
  })
  return {
    write: (data, written) => {
      if (!closed && failure === undefined) full = !stream.write(data, written) || full
    },
    async drained() {
      while (full && !closed && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (failure !== undefined) throw failure
    },
    get closed() {
      return closed
    },
  }
}
