// Standard output with back-pressure. A closed pipe (`| head`) is not an error.
import { InputError } from '../../base/input-error.ts'
import { type Identities, standardOutputIsOneOf } from '../../platform/node/file-identity.ts'
import { writingFault } from '../../platform/node/machine-faults.ts'

/** Where a command writes its results. */
export interface Output {
  /** Queues text or bytes. Calls `written` after they are written: their memory may then be used again. */
  readonly write: (data: string | Uint8Array, written?: () => void) => void
  /** Resolves when the reader has caught up. */
  drained(): Promise<void>
  /** True after the reader has gone: no more output is needed. */
  readonly closed: boolean
}

/**
 * The output over a stream of Node. `drained` throws InputError if the machine refuses (a full disk, for example); `name` and
 * `elsewhere` are what it says then.
 */
export function outputTo(
  stream: NodeJS.WritableStream,
  name = 'standard output',
  elsewhere?: string,
): Output {
  let closed = false
  let failure: InputError | undefined
  let full = false
  let wake: (() => void) | undefined
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') closed = true
    else failure = error instanceof InputError ? error : writingFault(name, error, elsewhere)
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

/** Throws InputError if standard output goes into one of the files that are read: `framewalk chat.pcap >> chat.pcap`. */
export function refuseStandardOutput(inputs: Identities): void {
  if (standardOutputIsOneOf(inputs))
    throw new InputError('standard output: would be written into the input; redirect it to another file')
}
