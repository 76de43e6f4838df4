// Time that means the same on a busy machine, and whether it grows in proportion to the work. A test judges by such a ratio, never by a
// number of seconds: those are another machine's.

/** Milliseconds of processor time that this process has used. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

type Work = () => unknown

/** Less than this is growth in proportion for four times the work: the square of it would be sixteen times as much. */
export const IN_PROPORTION = 9
/** Of each work the best round counts: the others were disturbed, by the garbage collector or by other programs. */
const ROUNDS = 5
/** A ratio that needs no further round: it is below every bound that a test asks for. */
const CLEAR = 6
/** Below it, in milliseconds, the clock and the garbage collector say more than the work does. */
const NOISE = 2

/** How many times the processor time of `less` the work `more` takes. `less` runs once before, so that its code is compiled. */
export async function timesAsLong(more: Work, less: Work): Promise<number> {
  const best = { more: Number.POSITIVE_INFINITY, less: Number.POSITIVE_INFINITY }
  let ratio = Number.POSITIVE_INFINITY
  await less()
  for (let round = 0; round < ROUNDS && ratio > CLEAR; round++) {
    best.less = Math.min(best.less, await timeOf(less))
    best.more = Math.min(best.more, await timeOf(more))
    ratio = best.more / Math.max(best.less, NOISE)
  }
  return ratio
}

/** How many times the processor time of work of a size, work of four times that size takes. */
export function growthOf(work: (size: number) => unknown, size: number): Promise<number> {
  return timesAsLong(
    () => work(4 * size),
    () => work(size),
  )
}

async function timeOf(work: Work): Promise<number> {
  const start = processorTime()
  await work()
  return processorTime() - start
}
