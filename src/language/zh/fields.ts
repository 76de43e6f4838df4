// What the fields of a frame are called, and what each says (RFC 6455 §5.2), in Simplified Chinese.
import type { fields as english } from '../en/fields.ts'

export const fields: typeof english = {
  names: {
    FIN: 'FIN',
    RSV1: 'RSV1',
    RSV2: 'RSV2',
    RSV3: 'RSV3',
    Opcode: '操作码',
    MASK: 'MASK',
    'Payload length': '负载长度',
    'Extended payload length': '扩展负载长度',
    'Masking key': '掩码键',
    'Payload data': '负载数据',
  },
  meanings: {
    controlFrameWhole: '控制帧总是完整的，不分片。',
    controlFrameFragmented: '表示这不是最后一个分片，而控制帧不允许分片。',
    moreFragments: '这条消息后面还有分片。',
    lastFragment: '这是所属消息的最后一个分片。',
    wholeMessage: '整条消息都在这一帧里。',
    compressed: '如果握手时协商了 permessage-deflate，表示这条消息经过压缩；没有协商时，这一位必须为 0。',
    notCompressed: '这条消息没有压缩。使用 permessage-deflate 压缩时，这一位为 1。',
    reservedSet: '保留给扩展使用。除非协商了赋予它含义的扩展，否则必须为 0。',
    reservedClear: '保留给扩展使用；没有相应扩展时必须为 0，这里正是如此。',
    continuation: '延续帧，接续前面某一帧开始的消息。',
    text: '文本帧，消息内容是 UTF-8 文本。',
    binary: '二进制帧，消息内容是字节，含义由应用程序决定。',
    close: '关闭帧，发送方不再发送数据，并等待对方也回应一个关闭帧。',
    ping: 'ping 帧，要求对方返回负载相同的 pong 帧，以确认对方仍然在线。',
    pong: 'pong 帧，回应 ping 帧，或者主动表明发送方仍然在线。',
    reservedOpcode: ({ value }) => `RFC 6455 没有定义操作码 ${value} 的含义，它保留给将来使用。`,
    masked:
      '负载经过掩码处理，客户端发送的每一帧都必须如此。掩码键就在这个帧头里：掩码不隐藏任何内容，不是加密。',
    notMasked: '负载没有经过掩码处理，服务器发送的帧都是如此。',
    lengthItself: ({ value }) => `负载有 ${value} 字节。长度不超过 125 时，这 7 位就是长度本身。`,
    lengthIn16Bits: '126 不是长度，而是表示后面的 16 位才是长度。',
    lengthIn64Bits: '127 不是长度，而是表示后面的 64 位才是长度。',
    extendedLength: ({ value, bits }) => `负载有 ${value} 字节，用 ${bits} 位的数表示，高位字节在前。`,
    maskingKey:
      '负载的第 i 个字节与掩码键的第 i mod 4 个字节做异或（都从 0 数起）。客户端为每一帧随机生成新的掩码键，让任何人都无法决定线路上实际传输的字节。',
    payload: '帧所携带的内容。',
    maskedPayload: '帧所携带的内容，经过掩码处理。',
  },
}
