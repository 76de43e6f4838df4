// What an attack must not achieve. One place for the table and for the test.
import type { Measured } from './measure.ts'

/** The manual's bound (src/base/README.md), in bytes. */
const MOST_MEMORY = 400e6
/** Four times the work, and room for a machine that is busy; work that grows with the square would be sixteen times as much. */
const MOST_GROWTH = 9
/** CPU seconds in which nothing can be told: the compiler and the garbage collector take them when they like. */
const NOISE = 0.4
/** Below this many MB a second, an attack is cheap for who makes it and dear for who reads it. */
const SLOW = 5
/** CPU seconds and bytes, from N to 4N, that tell how fast a capture is read. */
const ENOUGH_SECONDS = 0.5
const ENOUGH_BYTES = 1e5
/** What the command says to its user: one line for each fault. */
const COMPLAINT = /^framewalk: (?!.*\b(?:\w*Error|E[A-Z]{3,}): )[^\n]+$/

/** What is wrong with an attack that ran once, and once with four times the units. `start`: CPU seconds that a process takes to begin. */
export function faultsOf(once: Measured, fourTimes: Measured, start: number): string[] {
  return [...runFaultsOf(once), ...runFaultsOf(fourTimes), ...growthFaultsOf(once, fourTimes, start)]
}

/** What one run did that no input may make it do: a sentence each. */
export function runFaultsOf({ status, statuses, stderr, peak, bytesOut }: Measured): string[] {
  const faults: string[] = []
  if (!(statuses as readonly unknown[]).includes(status))
    faults.push(`ended with ${status}, and right are ${statuses.join(', ')}: ${stderr.slice(0, 300)}`)
  const wrong = stderr.split('\n').find((line) => line !== '' && !COMPLAINT.test(line))
  if (wrong !== undefined) faults.push(`said ${JSON.stringify(wrong)}`)
  if (bytesOut === 0 && stderr === '') faults.push('printed nothing at all')
  if (!(peak < MOST_MEMORY)) faults.push(`took ${(peak / 1e6).toFixed(0)} MB`)
  return faults
}

/** What is wrong with the growth from one run to one with four times the units. */
export function growthFaultsOf(once: Measured, fourTimes: Measured, start: number): string[] {
  const less = Math.max(NOISE, once.seconds - start)
  const more = fourTimes.seconds - start
  return more < less * MOST_GROWTH
    ? []
    : [`${more.toFixed(1)} s of CPU time for four times the units, and ${less.toFixed(1)} s for the units`]
}

/**
 * MB a second, from N to 4N: what a process pays once, for its start, its compiler and budgets that are soon used up, is in both.
 * Undefined if the times are too much alike to tell.
 */
export function rateOf(once: Measured, fourTimes: Measured): number | undefined {
  const bytes = fourTimes.bytesIn - once.bytesIn
  const seconds = fourTimes.seconds - once.seconds
  return bytes < ENOUGH_BYTES || seconds < ENOUGH_SECONDS / 5 ? undefined : bytes / 1e6 / seconds
}

/** Whether the capture is read too slowly. */
export function speedFaultsOf(once: Measured, fourTimes: Measured): string[] {
  const rate = rateOf(once, fourTimes)
  const isSure = fourTimes.seconds - once.seconds >= ENOUGH_SECONDS
  return rate === undefined || !isSure || rate >= SLOW ? [] : [`is read at ${rate.toFixed(1)} MB/s`]
}
