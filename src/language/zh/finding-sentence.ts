// What is wrong with a frame, in Simplified Chinese, with the frame's own values.
import { wordToHex } from '../../base/bytes.ts'
import type { FindingCode } from '../../base/findings.ts'
import type { FaultyFrame } from '../found.ts'
import { names } from './names.ts'

/** The sentence of a finding about `frame`; undefined where its rule says all that is known. */
export function findingSentence(code: FindingCode, frame: FaultyFrame | undefined): string | undefined {
  return frame === undefined ? undefined : SENTENCES[code]?.(frame)
}

const SENTENCES: Partial<Record<FindingCode, (frame: FaultyFrame) => string | undefined>> = {
  'reserved-opcode': ({ opcode }) =>
    `操作码 ${opcode} 没有定义，保留给将来的${opcode < 8 ? '数据' : '控制'}帧。`,
  'rsv-without-extension': (frame) => {
    const bits = (['rsv1', 'rsv2', 'rsv3'] as const).filter((bit) => frame[bit])
    const named = bits.map((bit) => bit.toUpperCase()).join('、')
    const fault = bits.length === 1 ? '赋予它含义的扩展' : '赋予它们全部含义的扩展'
    return `${thisFrame(frame)}的 ${named} 为 1，但没有协商${fault}。`
  },
  'rsv1-on-continuation': (frame) => `${thisFrame(frame)}的 RSV1 为 1；压缩消息只有第一帧的 RSV1 为 1。`,
  'rsv1-on-control': (frame) => `${thisFrame(frame)}的 RSV1 为 1；控制帧从不压缩。`,
  'unmasked-client-frame': (frame) => `客户端发送了${aFrame(frame)}，却没有使用掩码。`,
  'masked-server-frame': (frame) =>
    `服务器发送了${aFrame(frame)}，却使用了掩码，掩码键为 ${wordToHex(frame.maskingKey ?? 0)}。`,
  'control-frame-too-long': (frame) =>
    `${thisFrame(frame)}的负载有 ${frame.payloadLength} 字节；控制帧的负载最多 125 字节。`,
  'fragmented-control-frame': (frame) => `${thisFrame(frame)}的 FIN 为 0；控制帧不得分片。`,
  'unexpected-continuation': (frame) => `${thisFrame(frame)}到来时，没有尚未结束的分片消息可以接续。`,
  'expected-continuation': (frame) =>
    `${thisFrame(frame)}到来时，${names[frame.from]}的上一条消息还没有发送最后一个分片。`,
  'non-minimal-length': ({ headerLength, masked, payloadLength }) =>
    `长度 ${payloadLength} 用 ${(headerLength - (masked ? 6 : 2)) * 8} 位表示，而 ${payloadLength < 126 ? 7 : 16} 位就够了。`,
  'length-high-bit': ({ payloadLength }) => `64 位长度 ${payloadLength} 的最高位为 1，而它必须为 0。`,
  'close-body-too-short': ({ payloadLength }) =>
    `关闭帧的负载只有 ${payloadLength} 字节，而状态码需要 2 字节。`,
  'invalid-close-code': ({ close }) =>
    close === undefined ? undefined : `状态码 ${close.code} 不允许出现在关闭帧中。`,
  'data-after-close': (frame) => `${names[frame.from]}已经发送过关闭帧，之后又发送了${aFrame(frame)}。`,
  'zero-masking-key': (frame) => `掩码键为 00000000：${thisFrame(frame)}的负载原样出现在线路上。`,
  'repeated-masking-key': ({ maskingKey }) =>
    `掩码键 ${wordToHex(maskingKey ?? 0)} 与客户端前一帧的相同；每一帧都必须使用新的、无法预测的掩码键。`,
  'unanswered-ping': (frame) =>
    `${names[frame.from]}发送了${aFrame(frame)}，而连接关闭时${names[frame.from === 'client' ? 'server' : 'client']}仍未回应。`,
  'unsolicited-pong-payload': (frame) =>
    `${names[frame.from]}发送了${aFrame(frame)}，负载与尚未得到回应的 ping 帧都不相同。`,
  'incomplete-frame': ({ opcode, capturedLength, payloadLength }) =>
    capturedLength === undefined
      ? undefined
      : `抓包中只有这个${spaced(names.frame(opcode))}的一部分：负载共 ${payloadLength} 字节，抓到 ${capturedLength} 字节。`,
}

function thisFrame({ opcode }: FaultyFrame): string {
  return `这个${spaced(names.frame(opcode))}`
}

function aFrame({ opcode, payloadLength }: FaultyFrame): string {
  const name = spaced(names.frame(opcode))
  return payloadLength === 0 ? `一个没有负载的${name}` : `一个负载为 ${payloadLength} 字节的${name}`
}

/** With a space before Latin letters, as everywhere between the two scripts. */
function spaced(name: string): string {
  return /^[a-z]/.test(name) ? ` ${name}` : name
}
