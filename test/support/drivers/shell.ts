// Runs the built command line in a shell: with redirections, links and limits, as its users do.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { MAIN } from './requirements.ts'

/** A hang is ended after this, and the exit status is null then. */
const LONGEST_MS = 60_000

/** The results of a script. */
export interface ShellRun {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a script of bash in a folder. In it, `framewalk` is the built command line. */
export function shell(folder: string, script: string, env: Record<string, string> = {}): ShellRun {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${FUNCTION}\n${script}`], {
    cwd: folder,
    encoding: 'utf8',
    env: environment(env),
    timeout: LONGEST_MS,
  })
  return { status, stdout, stderr }
}

/** Starts the built command line. */
export function start(
  folder: string,
  words: readonly string[],
  env: Record<string, string> = {},
): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...words], { cwd: folder, env: environment(env) })
  child.stdin.on('error', () => {})
  return child
}

/** How a process ended, and what it said. */
export async function ended(
  child: ChildProcess,
): Promise<{ status: number | null; signal: string | null; stderr: string }> {
  let stderr = ''
  child.stderr!.on('data', (part: Buffer) => {
    stderr += part
  })
  const [status, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.once('close', (...how) => done(how)),
  )
  return { status, signal, stderr }
}

/** The files of a folder and what is in them. */
export function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(`${folder}/${name}`, 'latin1')]),
  )
}

const FUNCTION = `framewalk() { "${process.execPath}" "${MAIN}" "$@"; }`

function environment(env: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, SSLKEYLOGFILE: undefined, CI: undefined, NODE_OPTIONS: undefined, ...env }
}
