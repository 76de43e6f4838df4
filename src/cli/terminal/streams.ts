// What a command may touch of the process it runs in.

/** The process as a command sees it; tests bring their own. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Done; a comparison or check found differences; a usage error, or nothing could be read; the input is damaged, and what could be decoded
 * was printed. */
export const ExitStatus = { done: 0, differences: 1, usage: 2, damaged: 3 } as const

/** Columns of an output that is no terminal and has no COLUMNS in its environment. */
const DEFAULT_WIDTH = 100
const NARROWEST = 40

/** Columns that an output may use. */
export function widthOf({ stdout, env }: Streams): number {
  const columns = stdout.columns ?? Number(env['COLUMNS'])
  return Number.isInteger(columns) && columns > 0 ? Math.max(NARROWEST, columns) : DEFAULT_WIDTH
}

/** Whether to colour: as asked, else on a terminal whose user has not set NO_COLOR (https://no-color.org). */
export function colorOf({ stdout, env }: Streams, asked: boolean | undefined): boolean {
  if (asked !== undefined) return asked
  return stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}
