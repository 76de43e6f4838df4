// Why a side first breaks a rule: what an observer can prove from the bytes at hand. An endpoint stops at the first fault (RFC 6455
// §7.1.7), and what comes after it on that side is mostly its consequence.
import { foreignProtocol, plainText } from './causes/foreign-bytes.ts'
import { countedCharacters, misreadLength } from './causes/lengths.ts'
import { copiedFrame, restartedMask } from './causes/masks.ts'
import { type Cause, type Evidence, WireBytes } from './causes/wire.ts'
import { brokenWrite } from './causes/writes.ts'

export type { Cause, Evidence, SegmentPlace, Surroundings } from './causes/wire.ts'

/** Those whose marks are the surest come first; plain text may be the rest of what another cause explains. */
const CAUSES: readonly ((evidence: Evidence, wire: WireBytes) => Cause | undefined)[] = [
  foreignProtocol,
  copiedFrame,
  restartedMask,
  misreadLength,
  brokenWrite,
  countedCharacters,
  plainText,
]

/** The cause of a fault; undefined if none can be proved. Looks at 64 KiB of the stream a place at most. */
export function causeOf(evidence: Evidence): Cause | undefined {
  if (evidence.frame.holes !== undefined) return undefined
  const wire = new WireBytes(evidence.frame, evidence.rest)
  for (const find of CAUSES) {
    const cause = find(evidence, wire)
    if (cause !== undefined) return cause
  }
  return undefined
}
