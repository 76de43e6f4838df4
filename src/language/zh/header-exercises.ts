// The exercises of the chapters up to masking, in Simplified Chinese.
import type { headerExercises as english } from '../en/header-exercises.ts'

export const headerExercises: typeof english = {
  requestsPerHour: {
    question: (clients, seconds) =>
      `${clients} 个页面每 ${seconds} 秒轮询一次服务器。服务器一小时要回答多少个请求？`,
    hint: '一小时有 3600 秒；每个页面在每个间隔里问一次。',
    why: (clients, seconds) => `算式：${clients} × 3600 / ${seconds}。`,
  },
  meanWait: {
    question: (seconds) =>
      `页面每 ${seconds} 秒轮询一次，而事情可能在任何时刻发生。新消息在服务器上平均要等多少毫秒，下一次轮询才到？`,
    hint: '可能要等整个间隔，也可能完全不用等。',
    why: '间隔的一半。',
  },
  newsArrives: {
    question: (seconds, roundTrip) =>
      `页面每 ${seconds} 秒轮询一次，往返时间是 ${roundTrip} 毫秒。事情发生之后，平均多少毫秒页面才知道？`,
    hint: '新消息先等待轮询，然后走单程。',
    why: (seconds, roundTrip) => `算式：${seconds} × 1000 / 2 + ${roundTrip} / 2。`,
  },
  pollHeaders: {
    question: (request, response, polls) =>
      `请求头部有 ${request} 字节，响应头部有 ${response} 字节。${polls} 次轮询的头部共多少字节？`,
    hint: '不管有没有新消息，每次轮询都有这两个头部。',
    why: (request, response, polls) => `算式：(${request} + ${response}) × ${polls}。`,
  },
  frameHeader: {
    question: (size, masked) =>
      `一条 ${size} 字节的消息由${masked ? '客户端发给服务器' : '服务器发给客户端'}，只用一帧。帧头要多少字节？`,
    hint: '总有两个字节；客户端的掩码键四个字节；长度超过 125 时再加两个字节。',
    why: (masked, extended) => `算式：2${extended ? ' + 长度 2' : ''}${masked ? ' + 掩码键 4' : ''}。`,
  },
  statusLine: {
    question: '哪一个响应打开了连接？',
    hint: '状态码说明协议已经切换。',
    why: '是 101 Switching Protocols。其他状态码都让连接停留在 HTTP。',
  },
  acceptOf: {
    question: (key) => `客户端发送的密钥是 ${key}。服务器必须用哪个 Sec-WebSocket-Accept 回答？`,
    hint: '没有人用手算：把密钥填到上面的计算里。',
    why: '密钥，后面接 GUID，做 SHA-1，再做 base64。',
  },
  isCompressed: {
    question: (request, response) =>
      response === undefined
        ? `客户端提供“${request}”；响应里没有 Sec-WebSocket-Extensions。消息会被压缩吗？`
        : `客户端提供“${request}”；响应接受“${response}”。消息会被压缩吗？`,
    options: ['会', '不会'],
    hint: '只有响应里写出的才算协商成功。',
    why: '客户端提供，服务器选择。',
  },
  brokenHandshake: {
    question: '这个请求有什么问题？',
    options: ['Connection 里没有 Upgrade', '版本不是 13', '密钥不是 16 字节的 base64', '不是 GET 请求'],
    hint: '与上面的请求逐行比较。',
    why: 'RFC 6455 §4.1 列出了请求必须具备的内容。',
  },
  hexNumber: {
    question: (hex) => `字节 ${hex} 是哪个数？`,
    hint: '第一个数字要乘以 16；a 是 10，f 是 15。',
    why: (high, low) => `算式：${high} × 16 + ${low}。`,
  },
  numberHex: {
    question: (value) => `把数 ${value} 写成一个十六进制的字节。`,
    hint: '里面有几个 16？还剩多少？',
    why: (value, high, low) => `算式：${value} = ${high} × 16 + ${low}。`,
  },
  bitsHex: {
    question: (bits) => `一个字节的各位是 ${bits}。把它写成十六进制。`,
    hint: '每四位是一个数字：在上面的表里查。',
    why: (high, low) => `前四位是数字 ${high}，后四位是 ${low}。`,
  },
  lowerBits: {
    question: (hex, count) => `字节 ${hex} 的低 ${count} 位是哪个数？`,
    hint: '低四位：第二个数字。低七位：最高位是 1 时减去 128。',
    why: (bits, lower) => `这个字节是 ${bits}；要看的是 ${lower}。`,
  },
  asciiText: {
    question: (hex) => `字节 ${hex} 拼成哪个词？`,
    hint: '在 ASCII 表里查每个字节：行是第一个数字，列是第二个数字。',
    why: '每个字节是一个字母。',
  },
  kindOfFrame: {
    question: (first) => `一帧以字节 ${first} 开头。它是什么？`,
    hint: '操作码是这个字节的低四位，也就是第二个数字。',
    why: (opcode, name) => `操作码是 ${opcode}：${name}。`,
  },
  endsMessage: {
    question: '消息到这一帧结束吗？',
    options: ['是', '否'],
    hint: '看 FIN，也就是第一个字节的最高位：第一个数字是不是 8 或更大？',
    why: (first, fin) => `第一个字节是 ${first}：FIN 是 ${fin}。`,
  },
  opcodeOf: {
    question: '这一帧的操作码是几？',
    hint: '它是第一个字节的第二个十六进制数字。',
    why: (first) => `第一个字节是 ${first}，它的低四位就是操作码。`,
  },
  senderOf: {
    question: '如果双方都遵守规则，这一帧是谁发送的？',
    options: ['客户端', '服务器'],
    hint: '看 MASK，也就是第二个字节的最高位：第一个数字是不是 8 或更大？',
    why: '客户端给每一帧加掩码，服务器从不加：MASK 说明了是谁。',
  },
  payloadLengthOf: {
    question: '这一帧由服务器发送。负载有多少字节？',
    hint: '看第二个字节是哪个数。',
    why: (second) => `第二个字节是 ${second}；MASK 是 0，所以整个字节就是长度。`,
  },
  maskedLengthOf: {
    question: '这一帧由客户端发送。负载有多少字节？',
    hint: '第二个字节的低 7 位：MASK 为 1，所以减去 128。',
    why: (second) => `第二个字节是 ${second}，去掉最高位就是长度。`,
  },
  textOf: {
    question: '这一帧由服务器发送。内容是什么？',
    hint: '负载从第三个字节开始，这里每个字节是一个 ASCII 字母。',
    why: '服务器的帧不加掩码：字节就是文本。',
  },
  payloadStart: {
    question: '这一帧的负载从哪个字节开始（从 0 数起）？',
    hint: '先是两个字节，MASK 为 1 时还有掩码键的四个字节。',
    why: '帧头有两个字节，加掩码时再多四个字节。',
  },
  lengthForm: {
    question: (size) => `负载有 ${size} 字节。MASK 后面的 7 位里写的是几？`,
    hint: '不超过 125 时是长度本身；126 和 127 说明后面还有几个字节。',
    why: '不超过 125 就是长度；不超过 65535 写 126；更长写 127。',
  },
  lengthRead: {
    question: '这是服务器一帧的帧头。它声明的负载有多长？',
    hint: '第二个字节说明后面有两个字节。其中第一个要乘以 256。',
    why: (high, low) => `算式：${high} × 256 + ${low}。`,
  },
  lengthWrite: {
    question: (size) => `负载有 ${size} 字节，所以长度单独写在两个字节里。是哪两个？用十六进制写出。`,
    hint: '两个字节，高位在前：里面有几个 256，还剩多少？',
    why: '长度写成 16 位的数，高位字节在前。',
  },
  frameSize: {
    question: (size) => `服务器在一帧里发送 ${size} 字节的负载。整个帧有多少字节？`,
    hint: '两个字节；长度另占零、二或八个字节；再加负载。',
    why: (header, size) => `算式：${header} + ${size}。`,
  },
  keyIndex: {
    question: (index) => `负载字节 ${index} 对应掩码键的哪个字节（0 到 3）？`,
    hint: '掩码键每四个字节从头再用一遍。',
    why: (index) => `即 ${index} mod 4 的余数。`,
  },
  unmaskByte: {
    question: (index) => `把这一帧的负载字节 ${index}（从 0 数起）去掩码。得到哪个字节？`,
    hint: '把它和对应的掩码键字节写成二进制，上下对齐：不同的位得 1。',
    why: (masked, key) => `算式：${masked} ⊕ ${key}。`,
  },
  unmaskText: {
    question: '把这一帧去掩码。内容是什么？',
    hint: '掩码键是字节 2 到 5。掩码练习台可以双向做异或。',
    why: '再与掩码键异或一次，就抵消了原来的异或。',
  },
  findKey: {
    question: (text) => `有人藏起了掩码键，只给出这些加了掩码的字节。你猜消息以“${text}”开头。掩码键是什么？`,
    hint: '如果 文本 ⊕ 键 = 掩码后，那么 文本 ⊕ 掩码后 = …',
    why: '四个已知字节就泄露了掩码键。真正的加密不会这样被破解。',
  },
}
