// Captures that others published, kept next to the project. FRAMEWALK_CAPTURES names another folder.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const given = process.env.FRAMEWALK_CAPTURES
const folder = given ?? fileURLToPath(new URL('../../../../shared/captures', import.meta.url))

/**
 * False if the folder does not exist; then `publishedCaptures` is empty. If FRAMEWALK_CAPTURES names a folder, it has to exist.
 */
export const hasPublishedCaptures = existsSync(folder)
if (!hasPublishedCaptures) {
  if (given !== undefined) throw new Error(`FRAMEWALK_CAPTURES: ${given} does not exist`)
  console.log('skipped: there are no published captures beside the project (FRAMEWALK_CAPTURES)')
}

/** Their file names. */
export const publishedCaptures: readonly string[] = hasPublishedCaptures
  ? readdirSync(folder)
      .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
      .sort()
  : []

/** Where one of them is. */
export function publishedCapture(name: string): string {
  return join(folder, name)
}

const cases = join(folder, '../cases')

/** The captures of a folder of cases beside the published ones: small captures of troubles that people reported. None if it is absent. */
export function casesOf(kind: 'diagnosis' | 'links' | 'midstream'): readonly string[] {
  const names = existsSync(join(cases, kind)) ? readdirSync(join(cases, kind)) : []
  return names.filter((name) => /\.pcap(ng)?$/.test(name)).sort()
}

/** Where one of them is. */
export function caseOf(kind: 'diagnosis' | 'links' | 'midstream', name: string): string {
  return join(cases, kind, name)
}
