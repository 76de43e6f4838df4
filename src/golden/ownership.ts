// Each capture has a golden file of its own, and each golden file its capture: what is on disk tells, whoever asks and in whatever
// order.
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../base/input-error.ts'
import { CAPTURE_NAME, goldenPathOf, goldensIn } from './files.ts'

/**
 * Throws InputError if the golden file of one of these captures is also that of another capture beside it: each would undo the
 * update of the other.
 */
export function checkOwnGoldens(captures: readonly string[]): void {
  const folders = new Map<string, Map<string, string[]>>()
  for (const capture of captures) {
    const folder = dirname(capture)
    const owners = folders.get(folder) ?? ownersIn(folder)
    folders.set(folder, owners)
    const own = basename(capture)
    const other = owners.get(goldenPathOf(own))?.find((name) => name !== own)
    if (other !== undefined)
      throw new InputError(
        `${capture}: has the same golden file as ${join(folder, other)}; rename one of them`,
      )
  }
}

/** The capture that a golden file is beside. Undefined if there is none. */
export function captureBeside(golden: string): string | undefined {
  const folder = dirname(golden)
  const [owner] = ownersIn(folder).get(basename(golden)) ?? []
  return owner && join(folder, owner)
}

/** The golden files in these folders that are beside none of the captures. */
export function goldensWithout(captures: readonly string[], paths: readonly string[]): string[] {
  const owned = new Set(captures.map(goldenPathOf))
  return goldensIn(paths).filter((golden) => !owned.has(golden))
}

/** The captures in a folder, by the names of their golden files. */
function ownersIn(folder: string): Map<string, string[]> {
  const owners = new Map<string, string[]>()
  for (const name of namesIn(folder)) {
    if (!CAPTURE_NAME.test(name)) continue
    const golden = goldenPathOf(name)
    owners.set(golden, [...(owners.get(golden) ?? []), name])
  }
  return owners
}

/** None for a folder that cannot be read: opening the capture says why. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
