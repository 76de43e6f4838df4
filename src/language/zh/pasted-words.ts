// Why pasted text holds no bytes, and how bytes were read if that is not plain, in Simplified Chinese.
import type { PastedFault, PastedNote, Place } from '../../pasted/reading.ts'

/** Why the text is not bytes, and the cure if there is one. */
export function pastedFaultWords(fault: PastedFault): string {
  switch (fault.what) {
    case 'nothing':
      return '其中没有字节'
    case 'long':
      return `长度超过 ${fault.most}；请一次少给一些，或改用抓包文件`
    case 'character': {
      const inside = fault.within === undefined ? '' : `（位于 ${quoted(fault.within)} 中）`
      return `${place(fault.at)} ${quoted(fault.character)}${inside}不是十六进制数字，整段文本也不是其他形式的字节`
    }
    case 'odd':
      return `${place(fault.at)}开始的 ${quoted(fault.digits)}，十六进制数字的个数是奇数`
    case 'range':
      return `${place(fault.at)}开始的 ${quoted(fault.number)} 不是一个字节：不在 ${fault.least} 到 ${fault.most} 之间`
    case 'mixed':
      return `${place(fault.at)}开始的 ${quoted(fault.number)} 与带 0x 的数并列，可能是十六进制，也可能是十进制；请给每个数加上 0x，若是十进制则用花括号括起全部`
    case 'element':
      return `${place(fault.at)}开始的 ${quoted(fault.found)} 不是一个字节`
    case 'escape':
      return `${place(fault.at)}开始的 ${quoted(fault.escape)} 不是表示字节的转义`
    case 'unclosed':
      return `${place(fault.at)}开始的 ${quoted(fault.opened)} 没有闭合；请粘贴完整内容`
    case 'spelled':
      return `字节串里只有${fault.as === 'hex' ? '十六进制数字' : ' base64'}；请只粘贴引号之间的内容，并在前面写上 ${fault.as}:`
    case 'count':
      return `它声明有 ${fault.said} 个字节，实际有 ${fault.found} 个`
    case 'more':
      return `${place(fault.at)}处还有 ${fault.count} 个字节没有打印出来；请全部打印，例如用 buffer.toString('hex')`
    case 'bits':
      return `${place(fault.at)}开始的 ${quoted(fault.digits)}，其位数不是整数个字节`
    case 'base64-end':
      return `${place(fault.at)}处，base64 在一个字节中间结束；请粘贴完整内容`
    case 'offset':
      return `第 ${fault.line} 行的偏移量是 ${fault.offset}，而这里应为 ${fault.expected}`
    case 'start':
      return `第 ${fault.line} 行：转储从偏移量 ${fault.offset} 开始；请从偏移量 0 开始粘贴，或只粘贴数字、不带偏移量`
    case 'column':
      return `第 ${fault.line} 行：${misfit(fault.byte, fault.value, fault.character)}`
    case 'row':
      return `第 ${fault.line} 行不是转储中的一行`
    case 'repeat':
      return `第 ${fault.line} 行的 * 之后没有任何行说明前一行重复了多少次；请把最后一行也粘贴进来`
    case 'repeat-radix':
      return `第 ${fault.line} 行的 * 代表多少行，取决于偏移量是八进制、十进制还是十六进制；请加上 -v 打印，例如 od -v 或 hexdump -v`
    case 'unit':
      return `第 ${fault.line} 行：从 od、hexdump 或 xxd 的这种形式无法确定字节；请用 od -t x1 或 hexdump -C 打印`
    case 'last-word':
      return `第 ${fault.line} 行：最后一个字可能不完整；请把写着长度的最后一行也粘贴进来，或用 od -t x1 或 hexdump -C 打印`
    case 'no-payload':
      return `这 ${fault.packets} 个数据包只有头部，没有 TCP 负载`
  }
}

/** How the bytes were read. */
export function pastedNoteWords(note: PastedNote): string {
  switch (note.what) {
    case 'read-as':
      return `按${{ bits: '二进制位', decimal: '十进制数', base64: ' base64 ' }[note.form]}读取；如果是十六进制，请在前面写上 hex:`
    case 'words': {
      const order = note.order === 'little-endian' ? '小端' : '大端'
      const why = note.isProved
        ? '旁边的字符可以证明'
        : '大多数机器都这样打印；od -t x1 和 hexdump -C 打印的是字节'
      return `按 ${note.bits} 位${order}字读取：${why}`
    }
    case 'derived':
      return `跳过了 ${note.dumps} 段转储：它们是 Wireshark 由前面的数据包得出的，例如去掉掩码后的数据`
    case 'headers': {
      const empty = note.empty === 0 ? '' : `；其中 ${note.empty} 个数据包没有别的内容`
      return `跳过了 ${note.packets} 个数据包中 TCP 负载之前的 ${note.bytes} 个头部字节${empty}`
    }
  }
}

function place({ line, column }: Place): string {
  return line === undefined ? `第 ${column} 个字符` : `第 ${line} 行第 ${column} 个字符`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function misfit(byte: number, value: number | undefined, character: string | undefined): string {
  if (value === undefined) return `最后一个字节之后，字符栏还有 ${quoted(character!)}`
  const hex = value.toString(16).padStart(2, '0')
  return character === undefined
    ? `字符栏在第 ${byte} 个字节 ${hex} 之前就结束了`
    : `第 ${byte} 个字节是 ${hex}，而它的字符是 ${quoted(character)}`
}
