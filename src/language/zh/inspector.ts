// The frame inspector's words, in Simplified Chinese.
import type { inspector as english } from '../en/inspector.ts'

export const inspector: typeof english = {
  title: '帧',
  tools: '查看这一帧的方式',
  stepThrough: '逐步解码',
  showUnmasked: '显示去掩码后的内容',
  lens: 'TCP 透镜',
  annotateAll: '全部注解',
  dump: '线路上的字节',
  dumpUnmasked: '字节（负载已去掩码）',
  diagram: 'RFC 6455 §5.2 的位图',
  fields: '字段',
  field: '字段',
  bits: '二进制位',
  value: '值',
  masking: '掩码：逐字节异或',
  byteNumber: '序号 i',
  maskedByte: '线路上',
  keyByte: '键，i mod 4',
  xorByte: '异或',
  character: '字符',
  inflating: '压缩',
  compressedBytes: '压缩数据',
  appended: '补回',
  window: '之前的窗口',
  inflated: '解压结果',
  message: '消息内容',
  findings: '有什么问题',
  first: '最前',
  earlier: '往前',
  later: '往后',
  last: '最后',
  goTo: '跳到字节',
  missing: '抓包中没有这个字节',
  emptyMessage: '这条消息是空的。',
  incomplete: '后面缺少字节。',
  noPayload: '这一帧没有负载。',
  noHeader: '这些字节还不够一个完整的帧头。',
  notAtHand: '没有数据',
  notInflated: '无法解读：字节缺失或有误。',
  notComplete: '消息还不完整：后面还有分片。',
  noWindow: '没有沿用之前消息的内容。',
  whyAppended: '这四个字节总是相同的，发送方从 deflate 数据末尾去掉了它们，接收方再补回来。',
  aboutDump: '每两个十六进制数字是一个字节。指向它，其他视图中会同时标出它所属的字段。',
  aboutDiagram: '像读文字一样从左到右读，每个字节的最高位在前。',
  aboutMasking:
    '负载的第 i 个字节与掩码键的第 i mod 4 个字节做异或。异或两次就还原，所以接收方做同样的运算即可。掩码键就在帧里：掩码不是加密。',
  aboutInflating:
    '去掩码后的字节是一段 deflate 数据流。如果沿用窗口，它可以引用之前消息里的文字，而不必重复发送。',
  aboutMessage: (frames) =>
    frames === 1
      ? '整条消息都在这一帧里。'
      : `这条消息分在 ${frames} 帧里；先把各帧的负载拼接起来，然后才解读。`,
  back: '后退',
  forwards: '前进',
  endSteps: '结束',
  stepKeys: '方向键前进和后退，Home 和 End 跳到两端，Esc 退出。',
  unmaskRest: '其余的负载字节',
  unmaskRestWhy: '用同样的方法去掩码；每四个字节，掩码键从头再用一遍。',
  appendTail: '补回发送方去掉的字节',
  onTheWire: '线路上的字节',
  ofFrames: (frames) => `（由 ${frames} 帧拼接而成）`,
  packet: (packet) => `第 ${packet} 个包`,
  segment: (packet, first, last) =>
    first === last ? `第 ${packet} 个包：字节 ${first}` : `第 ${packet} 个包：字节 ${first} 到 ${last}`,
  moreSegments: (count) => `另外还有 ${count} 个`,
  lensSays: (segments) =>
    segments === 1
      ? '这一帧由一个 TCP 段携带。这只是巧合：TCP 传输的是字节流，并不知道什么是帧。'
      : `这一帧由 ${segments} 个 TCP 段携带：帧不等于段。`,
  bytes: (count) => `${count} 字节`,
  moreBytes: (count) => `还有 ${count} 字节`,
  cut: (missing) => `帧声明的字节中有 ${missing} 个不在这里。`,
  range: (first, last, total) => `第 ${first} 到 ${last} 字节，共 ${total} 字节`,
  continued: (name) => `${name}（续）`,
  flipBit: (bit, field, value) => `第 ${bit} 位，${field}：${value}。翻转`,
  windowHolds: (bytes) => `${bytes} 字节，末尾是：`,
  ratio: (wire, inflated) =>
    wire >= inflated
      ? `线路上 ${wire} 字节代表 ${inflated} 字节：这里压缩没有带来好处。`
      : `线路上 ${wire} 字节代表 ${inflated} 字节：只占 ${Math.round((wire / inflated) * 100)} %。`,
  stepOf: (step, steps) => `第 ${step} 步，共 ${steps} 步`,
  unmaskByte: (index) => `去掩码：负载字节 ${index}`,
  keyByteOf: (index) => `掩码键的字节 ${index}`,
  xorResult: (character) => `异或：不同的位得 1（${character}）`,
  soFar: (hex) => `到目前为止：${hex}`,
  controlBody: (opcode) => `这个 ${opcode} 帧携带的是`,
  closeCode: (code) => CLOSE_CODES[code] ?? '（RFC 6455 没有定义的状态码）',
}

/** RFC 6455 §7.4.1 and IANA's registry. */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: '正常关闭',
  1001: '正在离开',
  1002: '协议错误',
  1003: '无法接受的数据',
  1007: '数据与消息类型不符',
  1008: '违反策略',
  1009: '消息太大',
  1010: '缺少扩展',
  1011: '内部错误',
  1012: '服务重启',
  1013: '请稍后重试',
  1014: '网关错误',
}
