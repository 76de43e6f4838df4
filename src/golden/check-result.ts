// The result of checking one capture, as data. Every reporter makes its own text of it.
import type { FindingRecord } from '../records/records.ts'
import type { Difference } from './difference.ts'

/**
 * `missing`: there is no golden file. `ungolden`: there is none and it was not needed. `obsolete`: the capture of a golden file is
 * gone. `unchecked`: the capture has no connection, or not all of it was read, and nobody asked to accept that. `unreadable`: no
 * comparison was possible.
 */
export type CheckStatus =
  | 'equal'
  | 'different'
  | 'missing'
  | 'ungolden'
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'obsolete'
  | 'unchecked'
  | 'unreadable'

export interface CheckResult {
  /** As it was named. For `obsolete`, the golden file. */
  readonly capture: string
  /** The golden file beside it. */
  readonly golden: string
  readonly status: CheckStatus
  /** For `different` and `updated`: from the golden file to the capture. */
  readonly differences: readonly Difference[]
  /** For a check of conformance: findings that break the RFCs and are not allowed. */
  readonly violations: readonly FindingRecord[]
  /**
   * One line with the name, the place and the cure: for `unreadable` and `unchecked`, and for `different` if not all of the capture
   * was read.
   */
  readonly error: string | undefined
  /** How many connections and messages were compared. */
  readonly connections: number
  readonly messages: number
}

/** True if the check of this capture passed. */
export function isPassed({ status, violations }: CheckResult): boolean {
  const failing: readonly CheckStatus[] = ['different', 'missing', 'obsolete', 'unchecked', 'unreadable']
  return !failing.includes(status) && violations.length === 0
}

/** True if the capture could not be checked: that is neither a difference nor a violation. */
export function isError({ status }: CheckResult): boolean {
  return status === 'unreadable' || status === 'unchecked'
}

const NOTHING = { differences: [], violations: [], error: undefined, connections: 0, messages: 0 } as const

/** The result of a capture, or of its golden file, that could not be read. */
export function unreadable(capture: string, golden: string, error: string): CheckResult {
  return { ...NOTHING, capture, golden, status: 'unreadable', error }
}

/** The result of a golden file whose capture is gone. */
export function obsolete(golden: string): CheckResult {
  return { ...NOTHING, capture: golden, golden, status: 'obsolete' }
}

/** In a few words: `3 differences from chat.golden.json`. */
export function outcomeOf(result: CheckResult): string {
  const { status, differences, violations, error } = result
  const golden = result.golden.slice(result.golden.lastIndexOf('/') + 1)
  const number = `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}`
  const broken = `${violations.length} ${violations.length === 1 ? 'violation' : 'violations'} of the RFCs`
  const words: Readonly<Record<CheckStatus, string>> = {
    equal: `equal to ${golden}${result.connections === 0 ? ', which has no connection' : ''}`,
    different: `${number} from ${golden}`,
    missing: `no golden file ${golden}`,
    ungolden: `no golden file ${golden}`,
    created: `${golden} created${result.connections === 0 ? ', with no connection' : ''}`,
    updated:
      differences.length === 0 ? `${golden} written anew, no differences` : `${golden} updated, ${number}`,
    unchanged: `${golden} unchanged`,
    obsolete: `the capture of ${golden} is gone; record it anew, or delete ${golden}`,
    unchecked: error ?? '',
    unreadable: error ?? '',
  }
  return violations.length === 0 ? words[status] : `${words[status]}; ${broken}`
}
