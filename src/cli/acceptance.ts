// --allow and --allow-empty of check and diff: what is accepted although nothing can be concluded from it.
import { InputError } from '../base/input-error.ts'
import { VIOLATION_CODES } from '../golden/conformance.ts'
import {
  type Acceptance,
  type Asking,
  UNDECRYPTED_CODES,
  type Unread,
  unreadSentence,
} from '../golden/unread.ts'

const ASKING: Asking = {
  secrets: 'with --keylog FILE',
  allow: (code) => `--allow ${code}`,
  allowEmpty: '--allow-empty',
}

/** The line for the user. */
export function unreadLine(capture: string, unread: Unread): string {
  return `${capture}: ${unreadSentence(unread, ASKING)}`
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
