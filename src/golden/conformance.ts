// Whether a capture obeys the RFCs. In: its findings. Out: the violations, and a line for each.
import { FINDINGS, type FindingCode } from '../base/findings.ts'
import type { FindingRecord } from '../records/records.ts'

/** The codes of findings that mean that a peer broke an RFC. */
export const VIOLATION_CODES: readonly FindingCode[] = (Object.keys(FINDINGS) as FindingCode[]).filter(
  (code) => FINDINGS[code].severity === 'violation' || FINDINGS[code].ofPeer === 'violation',
)

/** The violations among findings, without those whose code is allowed. */
export function violationsOf(
  findings: readonly FindingRecord[],
  allowed: ReadonlySet<string> = new Set(),
): FindingRecord[] {
  return findings.filter((finding) => isViolation(finding, allowed))
}

/** True if the finding breaks an RFC, and its code is not allowed. */
export function isViolation({ severity, code }: FindingRecord, allowed: ReadonlySet<string>): boolean {
  return severity === 'violation' && !allowed.has(code)
}

/** `connection 1, frame 3, packet 7: unmasked-client-frame: The client sent … (RFC 6455 §5.1)`. */
export function violationLine(finding: FindingRecord): string {
  const { connection, frame, packet, code, message, reference } = finding
  const place = [
    connection === undefined ? '' : `connection ${connection}`,
    frame === undefined ? '' : `frame ${frame}`,
    packet === undefined ? '' : `packet ${packet.last}`,
  ].filter((word) => word !== '')
  return `${place.length === 0 ? '' : `${place.join(', ')}: `}${code}: ${message} (${reference})`
}
