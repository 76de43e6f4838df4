// A violation in one line. May hold captured text: escape it before it is shown.
import type { FindingRecord } from '../records/records.ts'

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
