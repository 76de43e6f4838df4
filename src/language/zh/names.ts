// Who sends, and what frames and close codes are called, in Simplified Chinese.
import { Opcode } from '../../base/events.ts'
import type { names as english } from '../en/names.ts'

const OPCODES: Readonly<Record<number, string>> = {
  [Opcode.continuation]: '延续',
  [Opcode.text]: '文本',
  [Opcode.binary]: '二进制',
  [Opcode.close]: '关闭',
  [Opcode.ping]: 'ping',
  [Opcode.pong]: 'pong',
}

const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: '正常关闭',
  1001: '一方离开',
  1002: '协议错误',
  1003: '不支持的数据',
  1005: '没有收到状态码',
  1006: '异常关闭',
  1007: '负载数据无效',
  1008: '违反策略',
  1009: '消息过大',
  1010: '缺少必需的扩展',
  1011: '内部错误',
  1012: '服务重启',
  1013: '稍后重试',
  1014: '网关错误',
  1015: 'TLS 握手失败',
}

export const names: typeof english = {
  client: '客户端',
  server: '服务器',
  opcode: (opcode) => OPCODES[opcode] ?? `保留 ${opcode}`,
  frame: (opcode) => {
    const name = OPCODES[opcode]
    if (name === undefined) return `操作码为 ${opcode} 的帧`
    return /[a-z]$/.test(name) ? `${name} 帧` : `${name}帧`
  },
  closeCode: (code) => {
    if (code >= 3000 && code < 4000) return '已注册的状态码'
    if (code >= 4000 && code < 5000) return '私有状态码'
    return CLOSE_CODES[code] ?? ''
  },
}
