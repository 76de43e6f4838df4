// Who sends, and what frames are called, in Simplified Chinese.
import { Opcode } from '../../events.ts'
import type { names as english } from '../en/names.ts'

const OPCODES: Readonly<Record<number, string>> = {
  [Opcode.continuation]: '延续',
  [Opcode.text]: '文本',
  [Opcode.binary]: '二进制',
  [Opcode.close]: '关闭',
  [Opcode.ping]: 'ping',
  [Opcode.pong]: 'pong',
}

export const names: typeof english = {
  client: '客户端',
  server: '服务器',
  opcode: (opcode) => OPCODES[opcode] ?? `保留 ${opcode}`,
}

/** `文本帧`, `ping 帧`, `操作码为 3 的帧`. */
export function frameName(opcode: number): string {
  const name = OPCODES[opcode]
  if (name === undefined) return `操作码为 ${opcode} 的帧`
  return /[a-z]$/.test(name) ? `${name} 帧` : `${name}帧`
}
