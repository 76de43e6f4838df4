// What a command may use of its process.

/** The process as a command sees it. Tests bring their own. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * `done`; `differences`: a comparison or check found some; `usage`: an error of the user, or nothing could be read; `damaged`: so
 * is the input, and everything that could be decoded was printed.
 */
export const ExitStatus = { done: 0, differences: 1, usage: 2, damaged: 3 } as const

/** Columns of an output that is not a terminal, if COLUMNS is not set. */
const DEFAULT_WIDTH = 100
const NARROWEST = 40

/** How many columns an output may use. */
export function widthOf({ stdout, env }: Streams): number {
  const columns = stdout.columns ?? Number(env['COLUMNS'])
  return Number.isInteger(columns) && columns > 0 ? Math.max(NARROWEST, columns) : DEFAULT_WIDTH
}

/** Whether to use colours: as asked, else on a terminal, unless NO_COLOR is set (https://no-color.org). */
export function colorOf({ stdout, env }: Streams, asked: boolean | undefined): boolean {
  if (asked !== undefined) return asked
  return stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}
