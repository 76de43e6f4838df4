// Whether a capture keeps to the RFCs. In: its model. Out: what breaks them.
import { FINDINGS, type FindingCode } from '../base/findings.ts'
import type { Capture, Connection } from '../records/model.ts'
import type { FindingRecord } from '../records/records.ts'

/** The codes that a check for conformance looks at: those that mean that a peer broke an RFC. */
export const VIOLATION_CODES: readonly FindingCode[] = (Object.keys(FINDINGS) as FindingCode[]).filter(
  (code) => FINDINGS[code].severity === 'violation',
)

/** The violations in a capture, without those whose code is allowed. */
export function violationsOf(
  capture: { readonly connections: readonly Pick<Connection, 'findings'>[] } & Pick<Capture, 'findings'>,
  allowed: ReadonlySet<string> = new Set(),
): FindingRecord[] {
  const all = [...capture.connections.flatMap(({ findings }) => findings), ...capture.findings]
  return all.filter(({ severity, code }) => severity === 'violation' && !allowed.has(code))
}
