// --allow and --allow-empty of check and diff: what is accepted although nothing can be concluded from it.
import { InputError } from '../base/input-error.ts'
import { VIOLATION_CODES } from '../golden/conformance.ts'
import {
  type Acceptance,
  type Asking,
  UNDECRYPTED_CODES,
  type Unread,
  unreadOf,
  unreadSentence,
} from '../golden/unread.ts'
import type { SummaryRecord } from '../records/records.ts'
import { unreadPackets } from '../render/text/unread-packets.ts'

const ASKING: Asking = {
  secrets: 'with --keylog FILE',
  allow: (code) => `--allow ${code}`,
  allowEmpty: '--allow-empty',
}

/** Why nothing may be concluded from a capture: what is the matter, and one line with the cure. */
export interface UnreadCapture {
  readonly kind: Unread['kind'] | 'unreadable'
  readonly line: string
}

/** What of a capture was not read, but for what is accepted. That no packet could be read is never accepted. */
export function unreadIn(
  capture: Parameters<typeof unreadOf>[0] & { readonly summary: SummaryRecord },
  name: string,
  acceptance: Acceptance,
): UnreadCapture | undefined {
  const packets = unreadPackets(capture.summary)
  if (packets !== undefined) return { kind: 'unreadable', line: `${name}: ${packets.fact}; ${packets.cure}` }
  const unread = unreadOf(capture, acceptance)
  return unread && { kind: unread.kind, line: `${name}: ${unreadSentence(unread, ASKING)}` }
}

/** What was asked for. `conform`: violations count, and may be allowed. Throws InputError for a code that cannot be allowed. */
export function acceptanceOf(argv: Readonly<Record<string, unknown>>, conform: boolean): Acceptance {
  const words = [argv['allow'] ?? []].flat() as string[]
  const codes = words.flatMap((word) => word.split(','))
  const undecrypted: readonly string[] = UNDECRYPTED_CODES
  const unknown = codes.find(
    (code) => !undecrypted.includes(code) && !(VIOLATION_CODES as readonly string[]).includes(code),
  )
  if (unknown !== undefined)
    throw new InputError(
      `--allow: ${unknown} is not the code of a violation; there are ${VIOLATION_CODES.join(', ')}, and for TLS that was not decrypted ${UNDECRYPTED_CODES.join(', ')}`,
    )
  const violation = codes.find((code) => !undecrypted.includes(code))
  if (violation !== undefined && !conform)
    throw new InputError(`--allow goes with --conform, for ${violation}`)
  return { allowEmpty: argv['allow-empty'] === true, allowed: new Set(codes) }
}
