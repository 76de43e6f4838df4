// The exercises of the chapters from fragmentation on, in Simplified Chinese.
import type { messageExercises as english } from '../en/message-exercises.ts'

export const messageExercises: typeof english = {
  countMessages: {
    question: (frames) => `这些帧来自同一方：${frames}。有几条完整的消息？`,
    hint: '消息以 FIN = 1 结束。控制帧不是消息。',
    why: '数一数 FIN = 1 的数据帧：文本帧、二进制帧或延续帧。',
  },
  joinFragments: {
    question: '服务器连续发送了这些帧。它们组成什么文本？',
    hint: '按顺序拼接负载；不属于这条消息的不要。',
    why: '把文本帧和延续帧的负载拼接起来。',
  },
  fragmentByte: {
    question: (place) =>
      `一条未压缩的文本消息分成三片，${place === 'first' ? '第一片' : place === 'middle' ? '第二片' : '最后一片'}的第一个字节是什么？`,
    hint: 'FIN 是最高位，操作码是低四位。只有第一片的操作码是 1。',
    why: '第一片：FIN 0，操作码 1。中间：FIN 0，操作码 0。最后：FIN 1，操作码 0。',
  },
  brokenOrder: {
    question: (frames) => `这些帧来自同一方：${frames}。违反了哪条规则？`,
    options: ['没有开头的延续帧', '一条消息里插入了新消息', '没有违反'],
    hint: '帧到来时有未完成的消息吗？如果有，后面只能是延续帧和控制帧。',
    why: 'RFC 6455 §5.4：一条消息的分片前后相接，中间只能有控制帧。',
  },
  pongPayload: {
    question: '服务器发送了这个 ping。客户端的 pong 必须带什么负载（加掩码之前）？',
    hint: 'pong 用 ping 的内容回答。',
    why: '同样的负载（RFC 6455 §5.5.3）。',
  },
  kindOf: {
    question: (first) => `一帧以字节 ${first} 开头。它是什么？`,
    hint: '低四位：8、9 或 a。',
    why: '操作码 8 是关闭帧，9 是 ping，a 是 pong。',
  },
  brokenControl: {
    question: '服务器发送了这一帧。它违反了哪条规则？',
    options: ['控制帧的 FIN = 0', '控制帧带 RSV1', '控制帧超过 125 字节', '没有违反'],
    hint: '逐位读第一个字节，然后看长度。',
    why: '控制帧是完整的，不压缩，最多 125 字节（RFC 6455 §5.5）。',
  },
  controlBetween: {
    question: '服务器发送了这些帧。消息的文本是什么？',
    hint: '其中一个是 ping，位于分片之间。',
    why: 'ping 可以位于两个分片之间；它的负载不属于消息。',
  },
  closeCodeOf: {
    question: '服务器发送了这个关闭帧。状态码是多少？',
    hint: '负载的前两个字节是一个数：第一个要乘以 256。',
    why: (high, low) => `算式：${high} × 256 + ${low}。`,
  },
  closeBytes: {
    question: (code) => `哪两个字节表示关闭状态码 ${code}？`,
    hint: '里面有几个 256？还剩多少？',
    why: '16 位的数，高位字节在前。',
  },
  closeReason: {
    question: '服务器发送了这个关闭帧。它给出的原因是什么？',
    hint: '负载的前两个字节是状态码，原因在后面。',
    why: '状态码后面是 UTF-8 文本。',
  },
  mayBeSent: {
    question: (code) => `关闭帧可以带状态码 ${code} 吗？`,
    options: ['可以', '不可以'],
    hint: '在上面的表里查。',
    why: '1000 到 1003、1007 到 1014 和 3000 到 4999 可以发送，其他的都不可以。',
  },
  isDeflated: {
    question: '已经协商了 permessage-deflate。以这一帧开头的消息经过压缩吗？',
    options: ['是', '否'],
    hint: 'RSV1 是第一个字节的第二位：0x40。',
    why: '第一帧的 RSV1 说明了这一点。',
  },
  deflatedByte: {
    question: (kind, whole) =>
      `压缩的${kind === 'text' ? '文本' : '二进制'}消息，${whole ? '整条在一帧里' : '第一个分片'}，第一个字节是什么？`,
    hint: 'FIN 是 80，RSV1 是 40，操作码：文本 1，二进制 2。加起来。',
    why: 'FIN、RSV1 和操作码在同一个字节里。',
  },
  tail: {
    question: '接收方在解压之前，在压缩的负载后面补上哪四个字节？',
    hint: '它们是一个空 DEFLATE 块的末尾，总是相同。',
    why: '发送方去掉了它们：00 00 ff ff（RFC 7692 §7.2）。',
  },
  rsv1Count: {
    question: (fragments) => `一条压缩的消息分成 ${fragments} 片发送。其中有几帧的 RSV1 = 1？`,
    hint: '这一位代表整条消息。',
    why: '只有第一帧；延续帧带 RSV1 是违规。',
  },
  inflateText: {
    question: '已经协商了 permessage-deflate，这是服务器的第一条消息。它说的是什么？',
    hint: '没有人用手解压：把这一帧粘贴到实验室的“解码”里。',
    why: '帧头后面是 DEFLATE 数据流；补上 00 00 ff ff 就能解压。',
  },
  overlooked: {
    question: '有人去掉这一帧的掩码，把字节当作文本来读，得到的是乱码。他漏看了哪一位？',
    options: ['FIN 位', 'RSV1 位', 'RSV3 位', 'MASK 位'],
    hint: '把第一个字节写成二进制。',
    why: 'RSV1 是 1：去掩码之后还必须解压。',
  },
  hexLength: {
    question: (second) => `服务器一帧的第二个字节是 ${second}。它声明了多少个负载字节？`,
    hint: '这是十六进制：第一个数字要乘以 16。',
    why: (high, low) => `算式：${high} × 16 + ${low}。`,
  },
  lostBytes: {
    question: '服务器的一帧在印出来时丢了字节。丢了几个？',
    hint: '把长度声明的字节数与实际的比较。',
    why: (announced, present) => `声明 ${announced} 个，实际 ${present} 个。`,
  },
  lostByte: {
    question: (position) => `服务器的这一帧在负载字节 ${position} 之前丢了一个字节。补上哪一个才是一条消息？`,
    hint: '逐个插入，再在实验室里解码。',
    why: (text) => `这几个里只有它能让消息解压成文本：“${text}”。`,
  },
  whoCanRead: {
    question: '有人只抓到了一条文本消息的这一帧，别的什么都没有。要读出它的文本，可能还需要什么？',
    options: ['什么都不需要', '服务器的证书', '握手，以及之前的消息', '握手里的 Sec-WebSocket-Key'],
    hint: '掩码键在哪里？RSV1 又说明什么？',
    why: (compressed) =>
      compressed
        ? 'RSV1 是 1：消息怎样压缩，握手里才写明，而且它可能引用之前的消息。掩码什么也藏不住：掩码键就在帧里。'
        : 'RSV1 是 0：消息没有压缩。即使加了掩码，掩码键也在帧里：掩码不是加密。',
  },
}
