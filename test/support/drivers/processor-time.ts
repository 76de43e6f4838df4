// Time that means the same on a busy machine, and whether it grows in proportion to the work. A test judges by such a ratio,
// never by a number of seconds, which depends on the machine.

/** Milliseconds of processor time that this process has used. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

type Work = () => unknown

/** For four times the work, a ratio below this is growth in proportion: quadratic growth would be sixteen. */
export const IN_PROPORTION = 9
/** The best of this many rounds counts: the others were disturbed, by the garbage collector or by other programs. */
const ROUNDS = 5
/** A ratio that needs no further round: it is below every bound that a test asks for. */
const CLEAR = 6
/** Milliseconds: below this, the clock and the garbage collector say more than the work does. */
const NOISE = 2

/** The processor time of `more`, divided by that of `less`. `less` runs once before, so that its code is compiled. */
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

/** The processor time of work of four times a size, divided by that of work of this size. */
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
