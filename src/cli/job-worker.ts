// A thread of --jobs (jobs.ts). Reads one capture after another, and prints each into a file of its own.
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Writable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import { writingFault } from '../platform/node/machine-faults.ts'
import { type CaptureCommand, printCaptures } from './capture-command.ts'
import { type Job, type JobResult, type JobSetting, OTHER_FOLDER } from './jobs.ts'
import { complain } from './terminal/complaint.ts'
import { ExitStatus, type Streams } from './terminal/streams.ts'

const { command, argv, args, secrets, columns } = workerData as JobSetting

/** The commands that read captures. */
const COMMANDS: Readonly<Record<JobSetting['command'], () => Promise<CaptureCommand>>> = {
  frames: async () => (await import('./frames.ts')).framesCommand(argv),
  connections: async () => (await import('./connections.ts')).CONNECTIONS,
  messages: async () => (await import('./messages.ts')).MESSAGES,
}

parentPort!.on('message', async ({ index, capture, output }: Job) => {
  let file: number | undefined
  let complaint = ''
  const write = (bytes: Uint8Array): void => {
    try {
      file ??= openSync(output, 'wx', 0o600)
      writeFileSync(file, bytes)
    } catch (error) {
      throw writingFault(dirname(output), error, OTHER_FOLDER)
    }
  }
  const streams: Streams = {
    stdout: Object.assign(sink(write), { columns }),
    stderr: sink((bytes) => {
      complaint += bytes.toString()
    }),
    env: {},
  }
  let status: number
  try {
    write(new Uint8Array(0))
    status = await printCaptures(
      await COMMANDS[command](),
      { ...args, captures: [capture] },
      secrets,
      streams,
    )
  } catch (error) {
    complain(error, streams)
    status = ExitStatus.usage
  }
  if (file !== undefined) closeSync(file)
  const result: JobResult = { index, status, complaint }
  parentPort!.postMessage(result)
})

function sink(take: (bytes: Buffer) => void): Writable {
  return new Writable({
    write(bytes: Buffer, _encoding, done) {
      try {
        take(bytes)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
  })
}
