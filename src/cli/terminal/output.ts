// Standard output with back-pressure. A closed pipe (`| head`) is not an error.

/** Where a command writes its results. */
export interface Output {
  /** Queues text or bytes. Calls `written` after they are written: their memory may then be used again. */
  readonly write: (data: string | Uint8Array, written?: () => void) => void
  /** Resolves when the reader has caught up. */
  drained(): Promise<void>
  /** True after the reader has gone: no more output is needed. */
  readonly closed: boolean
}

/** The output over a stream of Node. `drained` throws if the machine refuses (a full disk, for example). */
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
