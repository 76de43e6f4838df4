// Why pasted text holds no bytes, in English; without a full stop, so that it can stand in a sentence.
import type { HexFault } from '../../base/hex-input.ts'

export function hexFaultWords(fault: HexFault): string {
  switch (fault.what) {
    case 'offset':
      return `line ${fault.line}: offset ${fault.offset.toString(16)} where ${fault.expected.toString(16)} was expected`
    case 'character': {
      const where = fault.within === undefined ? '' : ` in ${JSON.stringify(fault.within)}`
      return `position ${fault.position}: ${JSON.stringify(fault.character)}${where} is no hex digit`
    }
    case 'odd':
      return `position ${fault.position}: ${JSON.stringify(fault.digits)} has an odd number of hex digits`
    case 'nothing':
      return 'there are no hex digits in it'
  }
}
