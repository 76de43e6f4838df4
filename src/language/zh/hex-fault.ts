// Why pasted text holds no bytes, in Simplified Chinese. It stands alone because its English does: each language has the same files.
import type { HexFault } from '../../base/hex-input.ts'

export function hexFaultWords(fault: HexFault): string {
  switch (fault.what) {
    case 'offset':
      return `第 ${fault.line} 行的偏移量是 ${fault.offset.toString(16)}，而这里应为 ${fault.expected.toString(16)}`
    case 'character': {
      const where = fault.within === undefined ? '' : `（位于 ${JSON.stringify(fault.within)} 中）`
      return `第 ${fault.position} 个字符 ${JSON.stringify(fault.character)}${where}不是十六进制数字`
    }
    case 'odd':
      return `从第 ${fault.position} 个字符开始的 ${JSON.stringify(fault.digits)}，十六进制数字的个数是奇数`
    case 'nothing':
      return '其中没有十六进制数字'
  }
}
