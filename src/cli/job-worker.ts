// A thread of --jobs (jobs.ts). Reads one capture after another, and prints each into a file of its own.
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import { type CaptureCommand, printCaptures } from './capture-command.ts'
import type { Job, JobResult, JobSetting } from './jobs.ts'
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
  const file = openSync(output, 'wx', 0o600)
  let complaint = ''
  const streams: Streams = {
    stdout: Object.assign(
      sink((bytes) => writeFileSync(file, bytes)),
      { columns },
    ),
    stderr: sink((bytes) => {
      complaint += bytes.toString()
    }),
    env: {},
  }
  let status: number
  try {
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
  closeSync(file)
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
