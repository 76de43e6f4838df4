// The walkthrough of one frame, in Simplified Chinese, to someone who sees a frame for the first time.
import type { walk as english } from '../en/walk.ts'

export const walk: typeof english = {
  clientToServer: '客户端 → 服务器',
  serverToClient: '服务器 → 客户端',
  title: (frame, direction) => `第 ${frame} 帧：${direction}`,
  titleByMask: (frame, direction) => `第 ${frame} 帧：${direction}（根据 MASK 位判断）`,
  titleInCapture: (frame, connection, direction) => `连接 ${connection} 的第 ${frame} 帧：${direction}`,
  packets: (first, last) => (first === last ? `数据包 ${last}` : `数据包 ${first} 至 ${last}`),
  comma: '，',
  paragraph: (sentences) => sentences.join(''),

  headings: {
    bytes: '帧的字节',
    diagram: '帧的结构（按照 RFC 6455 §5.2 的图）',
    header: '逐位解读帧头',
    length: '长度',
    mask: '掩码',
    compression: '压缩（permessage-deflate，RFC 7692）',
    meaning: '内容',
    findings: '存在的问题',
  },

  byteRange: (first, last) => (first === last ? `字节 ${first}` : `字节 ${first} 至 ${last}`),
  parts: {
    bits: 'FIN、RSV1、RSV2、RSV3、操作码',
    maskAndLength: 'MASK、负载长度',
    extendedLength: '扩展负载长度',
    maskingKey: '掩码键',
    payload: '负载数据',
    maskedPayload: '负载数据，经过掩码处理',
  },
  part: (name, range) => `${name}（${range}）`,
  morePayload: (count) => `… 负载还有 ${count} 字节`,

  payloadLengthShort: '负载长度',
  continued: (name) => `${name}（续）`,
  continuedShort: '（续）',

  headerByte: (range, value) => `${range}：${value}`,
  fieldValue: (name, value) => `${name} = ${value}`,
  fieldMeaning: (name, value, meaning) => `${name} = ${value}：${meaning}`,
  opcodeValue: (hex, name) => `${hex}（${name}）`,

  lengthItself: (sum) =>
    `MASK 后面的 7 位就是长度本身：${sum}。不超过 125 的长度都可以这样表示；126 和 127 不是长度，而是表示后面还有 2 个或 8 个字节用来存放长度。`,
  lengthIn2Bytes: (sum) =>
    `MASK 后面的 7 位是 126（1111110）：长度存放在随后的 2 个字节里，采用大端序（高位字节在前）：${sum}。这种形式用于 126 至 65535 字节的负载。`,
  lengthIn8Bytes: (sum) =>
    `MASK 后面的 7 位是 127（1111111）：长度存放在随后的 8 个字节里，采用大端序（高位字节在前）：${sum}。这种形式用于 65536 字节及以上的负载；最高位必须为 0。`,
  wholeLength: (header, payload, whole) => `帧头 ${header} 字节 + 负载 ${payload} 字节 = 共 ${whole} 字节。`,
  missing: (announced, captured, missing) =>
    `帧头声明负载有 ${announced} 字节，这里只有 ${captured} 字节：缺少 ${missing} 字节。`,

  masked: (key) =>
    `MASK 为 1：负载的每个字节依次与掩码键 ${key} 的一个字节做了异或运算（RFC 6455 §5.3）。这不是加密：掩码键就在帧里，紧挨在负载之前，任何看到这一帧的人都能像这里一样还原负载。掩码的作用是让网页无法决定线路上实际传输的字节，以免有人精心构造这些字节，使旧的代理服务器误以为它们是 HTTP（§10.3）。`,
  notMaskedByServer: 'MASK 为 0：服务器不使用掩码（RFC 6455 §5.1）；帧里没有掩码键，负载保持原样。',
  notMaskedByClient: 'MASK 为 0：帧里没有掩码键，负载保持原样。但是客户端必须使用掩码（RFC 6455 §5.1）。',
  maskingTable: {
    index: 'i',
    masked: '掩码后的字节',
    key: '键字节（i mod 4）',
    xor: '异或',
    result: '结果',
    character: '字符',
  },
  characterBytes: (character, bytes) => `${character}（${bytes} 字节）`,
  moreRows: (more, all) => `… 其余 ${more} 字节以此类推（用 --rows ${all} 可全部显示）`,

  compressed:
    'RSV1 为 1：握手时协商了 permessage-deflate，这条消息经过压缩。只去除掩码还得不到文本：这些字节是 DEFLATE 数据流，必须先解压缩才能阅读。',
  compressedFurther: '这里 RSV1 为 0，因为压缩消息只有第一个分片的 RSV1 为 1。',
  notCompressed: 'RSV1 为 1，但握手时没有协商任何赋予它含义的扩展：负载按原样解读。',
  inflatedLater: '这个分片是一条压缩消息的一部分；收到最后一个分片（FIN = 1）之后才能解压缩。',
  inflateStep: { compressed: '压缩数据', appended: '补上末尾', inflated: '解压结果' },
  joinedPayloads: (frames, bytes) => `第 ${frames} 帧的负载首尾相接，共 ${bytes} 字节`,
  tail: (tail) => `${tail}   （发送方从压缩块的末尾去掉了这 4 个字节，接收方把它们补回来）`,
  nothingSure: '没有可以确定的内容',
  incomplete: '消息不完整；以上是其中可以确定的解压结果。',
  ratio: (wire, inflated) => {
    const gain =
      inflated === 0
        ? '这是一条空消息'
        : wire > inflated
          ? '内容太短，压缩没有收益'
          : `压缩为原来的 ${Math.round((wire / inflated) * 100)}%`
    return `线路上的 ${wire} 字节代表 ${inflated} 字节：${gain}。`
  },

  close: (code, reason) => `关闭状态码 ${code}，${reason === '' ? '没有给出原因' : `原因：${reason}`}`,
  noPayload: '没有负载',
  payload: (hex) => `负载 ${hex}`,
  fragment: '这是一个分片：消息在这一方后面的帧里继续。',
  empty: '（空）',
  noText: '（没有可以确定的内容）',
  binary: (bytes, hex) => `${bytes} 字节的二进制数据：${hex}`,
  hexBytes: (hex, bytes) => `${hex} …（共 ${bytes} 字节）`,

  nothingWrong: '没有：这一帧符合 RFC 6455。',
  finding: (severity, code) => `${severity} ${code}：`,
  findingSentence: (sentence, reference) => `${sentence}（${reference}）`,
}
