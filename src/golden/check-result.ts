// The result of checking one capture, as data. Every reporter makes its own text of it.
import type { FindingRecord } from '../records/records.ts'
import type { Difference } from './difference.ts'

/**
 * `missing`: there is no golden file. `ungolden`: there is none and it was not needed. `unreadable`: no comparison was possible.
 */
export type CheckStatus =
  | 'equal'
  | 'different'
  | 'missing'
  | 'ungolden'
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'unreadable'

export interface CheckResult {
  /** As it was named. */
  readonly capture: string
  /** The golden file beside it. */
  readonly golden: string
  readonly status: CheckStatus
  /** For `different` and `updated`: from the golden file to the capture. */
  readonly differences: readonly Difference[]
  /** For a check of conformance: findings that break the RFCs and are not allowed. */
  readonly violations: readonly FindingRecord[]
  /** For `unreadable`: one line with the name, the place and the cure. */
  readonly error: string | undefined
  /** How many messages were compared. */
  readonly messages: number
}

/** True if the check of this capture passed. */
export function isPassed({ status, violations }: CheckResult): boolean {
  return !['different', 'missing', 'unreadable'].includes(status) && violations.length === 0
}

/** The result of a capture, or of its golden file, that could not be read. */
export function unreadable(capture: string, golden: string, error: string): CheckResult {
  return { capture, golden, status: 'unreadable', differences: [], violations: [], error, messages: 0 }
}

/** In a few words: `3 differences from chat.golden.json`. */
export function outcomeOf(result: CheckResult): string {
  const { status, differences, violations, error } = result
  const golden = result.golden.slice(result.golden.lastIndexOf('/') + 1)
  const number = `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}`
  const broken = `${violations.length} ${violations.length === 1 ? 'violation' : 'violations'} of the RFCs`
  const words: Readonly<Record<CheckStatus, string>> = {
    equal: `equal to ${golden}`,
    different: `${number} from ${golden}`,
    missing: `no golden file ${golden}`,
    ungolden: `no golden file ${golden}`,
    created: `${golden} created`,
    updated:
      differences.length === 0 ? `${golden} written anew, no differences` : `${golden} updated, ${number}`,
    unchanged: `${golden} unchanged`,
    unreadable: error ?? '',
  }
  return violations.length === 0 ? words[status] : `${words[status]}; ${broken}`
}
