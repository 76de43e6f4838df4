// The words of the findings' cards, in Simplified Chinese.
import { wordToHex } from '../../base/bytes.ts'
import type { cards as english } from '../en/cards.ts'
import type { MendedFrame } from '../mended-frame.ts'

export const cards: typeof english = {
  open: '查看这一帧',
  where: (frame) => `${frame}中的二进制位`,
  marked: (fields) => `已标出：${fields}。`,
  noBit: '这一帧中没有哪一位本身是错的。',
  onTheWire: '线路上的负载：',
  unmasked: '去掩码后的负载：',
  payload: '负载：',
  messageBytes: '拼接并解压后的消息：',
  textBefore: '在此之前的文字：',
  fromByte: (start, total) => `从字节 ${start} 起标出，共 ${total} 字节。`,
  connection: (connection) => `连接 ${connection}`,
  frame: (frame) => `第 ${frame} 帧`,
  packets: (first, last) => (first === last ? `第 ${first} 个包` : `第 ${first} 至 ${last} 个包`),
  place: (place) => `位置：${place}。`,
  closesWith: (code, name) => `收到它的一方会以 ${code}（${name}）关闭连接。`,
  repair: '修复',
  asItCame: '收到的帧：',
  asItShouldBe: '应有的帧：',
  missingFromClient: '客户端本应发送的帧：',
  missingFromServer: '服务器本应发送的帧：',
  legend: {
    changed: '下划线：字节不同。',
    added: '带加号的方框：多出的字节。',
    removed: '删除线：去掉的字节。',
  },
  repairs: {
    'reserved-opcode': ({ frame }) =>
      `改用有定义的操作码 ${frame.opcode}。发送方本来要用哪一个，从帧里看不出来。`,
    'rsv-without-extension': '把没有扩展赋予含义的位改为 0。',
    'rsv1-on-continuation': 'RSV1 改为 0：第一帧已经说明消息是压缩的。',
    'rsv1-on-control': 'RSV1 改为 0。',
    'unmasked-client-frame': ({ frame }) =>
      `MASK 改为 1，加上掩码键（这里以 ${keyOf(frame)} 为例，每一帧都必须重新随机产生），负载的每个字节与它异或。帧长增加 4 字节。`,
    'masked-server-frame': 'MASK 改为 0，去掉掩码键，负载保持原样。帧长减少 4 字节。',
    'control-frame-too-long': ({ frame }) =>
      `负载截短到 ${frame.payloadLength} 字节。更长的内容应当放进消息里。`,
    'fragmented-control-frame': 'FIN 改为 1：控制帧总是完整的。',
    'unexpected-continuation': ({ frame }) =>
      `操作码改为 ${frame.opcode}：作为一条消息的第一帧，因为没有尚未结束的消息。`,
    'expected-continuation':
      '操作码改为 0：作为尚未结束的消息的分片。如果发送方要开始新的消息，那么应当修复的是前一帧，它的 FIN 应当为 1。',
    'non-minimal-length': ({ frame, lengthBits }) =>
      `长度 ${frame.payloadLength} 改用 ${lengthBits} 位表示。`,
    'length-high-bit': ({ frame }) => `长度的最高位改为 0，长度就成为 ${frame.payloadLength}。`,
    'invalid-utf8':
      '操作码改为 2：不是 UTF-8 的字节应当放在二进制消息里。如果它们本来是文字，发送方必须用 UTF-8 编码；从这些字节看不出本来是哪些字符。',
    'close-body-too-short': '去掉负载：半个状态码没有任何意义。',
    'invalid-close-code': ({ frame }) =>
      frame.payloadLength === 0
        ? '去掉负载：1005 是接收方在没有收到状态码时自己记下的。'
        : '改用 1000（正常关闭）。发送方本来要用哪个状态码，从帧里看不出来；自定义的含义可以用 4000 至 4999。',
    'invalid-close-reason': '把原因截到第一个不是 UTF-8 的字节之前。',
    'zero-masking-key': ({ frame }) =>
      `改用无法预测的掩码键（这里以 ${keyOf(frame)} 为例），负载用它做掩码。`,
    'repeated-masking-key': ({ frame }) => `改用新的掩码键（这里以 ${keyOf(frame)} 为例），负载用它做掩码。`,
    'unanswered-ping': '这个 ping 没有错，缺少的是另一帧：带有相同负载的 pong。',
    'no-close-frame': '缺少一帧：TCP 结束之前，应当先用关闭帧说明，这里用 1000（正常关闭）。',
  },
  noRepair: {
    capture: '没有需要修复的帧：通信双方可能都没有错，只是抓包的内容不完整。',
    handshake: '没有需要修复的帧：问题出在第一帧之前的握手中。',
    noFrame: '没有这一帧的数据，或者它的帧头不完整。',
    severalFrames:
      '无法通过修复某一帧来解决：消息分成了几帧，拼接起来才违反规则。它应当作为二进制消息发送，或者用 UTF-8 编码成文本。',
    tooLate: '这一帧本身没有错；它不应当在关闭帧之后发送，应当在那之前发送，或者根本不发送。',
    lostData: '这一帧没有错，错的是它的压缩数据。从中无法得知本来的内容。',
    otherWindow: '没有哪一帧可以单独修复：发送方必须按协商的窗口来压缩。',
    outOfStep: '没有可以修复的帧：这些字节在成为帧之前就写错了。要改的是写这些字节的程序。',
    pongOfWhich: '这一帧没有错，作为主动发送的 pong 也是合法的。要作为回应，它必须带有相应 ping 的负载。',
  },
}

function keyOf({ maskingKey }: MendedFrame['frame']): string {
  return wordToHex(maskingKey ?? 0)
}
