// How a connection ended, in a few words. "Cleanly" is said of a closing that breaks no rule.
import type { Catalogue } from '../../language/catalogue.ts'
import type { ReportConnection } from '../../report/page-data.ts'
import { closeCodeFault } from '../../websocket/close.ts'

/** `cleanly 1000`, `close frames from both sides, not clean: 1005 (invalid)`. */
export function closedText({ how, code, breaksRule }: ReportConnection['closed'], words: Catalogue): string {
  const { closedHow, closedNotCleanly, invalidCode } = words.report
  const codeText = code === null ? '' : closeCodeFault(code) === undefined ? String(code) : invalidCode(code)
  return how === 'clean' && breaksRule ? closedNotCleanly(codeText) : `${closedHow[how]} ${codeText}`.trim()
}
