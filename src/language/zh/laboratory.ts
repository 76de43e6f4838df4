// The laboratory's words, in Simplified Chinese.
import type { laboratory as english } from '../en/laboratory.ts'
import { pastedFaultWords, pastedNoteWords } from './pasted-words.ts'

export const laboratory: typeof english = {
  title: '实验室',
  about: '制作帧、拆解帧、弄坏帧。一切都在这个页面里进行，用的是命令行的解码器；不会向任何地方发送数据。',
  encode: '编码',
  encodeHow: '输入一条消息，看它的帧的字节如何增长。下面给出了每一位的名称。',
  decode: '解码',
  decodeHow:
    '以任何形式粘贴字节：十六进制、二进制位、base64，Node、Python、Go、Java 或 C 的写法，或 Wireshark、tcpdump、xxd、hexdump、od 的输出；也可以是连续的多个帧。',
  flip: '翻转',
  flipHow: '点击任何一位把它翻转。什么变了，违反了哪条规则？',
  length: '长度',
  lengthHow: '负载有多长，决定了长度怎么写。找出形式切换的两个位置。',
  masking: '掩码练习台',
  maskingHow: '每步一个字节：负载的第 i 个字节与掩码键的第 i mod 4 个字节做异或。',
  opcode: '操作码',
  text: '文本',
  hexPayload: '负载：字节，十六进制或其他形式',
  reason: '原因',
  closeCode: '关闭状态码',
  masked: '加掩码（客户端的帧都这样）',
  key: '掩码键',
  drawKey: '换一个',
  fragments: '帧数（分片）',
  compress: '压缩（permessage-deflate）',
  keyFault: '掩码键是四个字节，即八个十六进制数字。',
  bytes: '字节',
  frames: '帧',
  sender: '发送方',
  senderByMask: '由 MASK 位判断',
  client: '客户端',
  server: '服务器',
  records: '同样内容的记录',
  recordsWhy: '与命令行的输出逐行相同：',
  beginWith: '从这里开始',
  reset: '重置',
  flipFrames: {
    text: '客户端的文本帧',
    compressed: '压缩的文本帧',
    fromServer: '服务器的文本帧',
    ping: 'ping 帧',
    close: '关闭帧',
  },
  whatChanged: '什么变了',
  nothingFlipped: '还没有变化。',
  onlyPayload: '只有负载字节变了，帧头的字段没有变。',
  absent: '不存在',
  whichRule: '违反了哪条规则',
  noRule: '没有：这一帧符合 RFC 6455。',
  noRuleByItself: '单看这一帧没有违反规则。但它不再在发送方结束的地方结束。',
  waitsFor: (count) => `接收方还要等 ${count} 个字节，并从接下来发送的内容里取。`,
  afterIt: '它后面的字节会成为下一帧',
  nextFrame: (bits, opcode, name, masked, length) =>
    `FIN 和 RSV1 到 RSV3 是 ${bits}，操作码是 ${opcode}（${name}），MASK 是 ${masked ? 1 : 0}，长度是 ${length}。`,
  nextBreaksNothing: '它碰巧没有违反规则：接收方会把它当作一个谁也没发送过的帧。',
  restIsNoHeader: (count) => `还剩 ${count} 个字节。接收方把它们当作帧头的开头，并等待其余部分。`,
  payloadBytes: '负载字节数',
  exactly: '精确值',
  marks: '切换处的长度',
  nextByte: '下一个字节',
  allBytes: '全部',
  payload: '负载',
  maskedPayload: '线路上',
  maskedAsText: '看上去是',
  differs: '异或：不同的位得 1',
  pastedFault: (fault) => `这不是字节：${pastedFaultWords(fault)}。`,
  pastedNote: (note) => `${pastedNoteWords(note)}。`,
  frameNumber: (frame, from, opcode) =>
    `第 ${frame} 帧：${opcode}，${from === 'client' ? '客户端 →' : '← 服务器'}`,
  moreFrames: (count) => `另外还有 ${count} 帧`,
  sizes: (frames) => {
    const total = frames.reduce((sum, [header, payload]) => sum + header + payload, 0)
    const each = frames.map(([header, payload]) => `帧头 ${header} + 负载 ${payload}`).join('；')
    return frames.length === 1 ? `${total} 字节：${each}。` : `${frames.length} 帧共 ${total} 字节：${each}。`
  },
  restIsNextFrame: (frames) => `接收方现在把后面的字节当作另外 ${frames} 帧。`,
  answeredWith: (code) => `端点会用关闭状态码 ${code} 回应。`,
  lengthForm: (form, length) =>
    form === 7
      ? `${length} 放得进 MASK 后面的 7 位。`
      : form === 16
        ? `这 7 位是 126；${length} 写在后面的 16 位里。`
        : `这 7 位是 127；${length} 写在后面的 64 位里。`,
  frameSize: (header, payload) => `帧头 ${header} + 负载 ${payload} = ${header + payload} 字节。`,
}
