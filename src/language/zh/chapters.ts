// What the lesson's chapters say, in Simplified Chinese.
import type { chapters as english } from '../en/chapters.ts'

export const chapters: typeof english = {
  polling: {
    title: '为什么不用 HTTP 轮询？',
    text: [
      'HTTP 有问才有答。页面想知道有没有新消息，就得一遍又一遍地问：这就是轮询。每次请求和响应都带着完整的头部，而新消息要等到下一次请求才能到达。',
      'WebSocket 是一条一直打开的连接。握手一次之后，任何一方有话随时可以说，每次的帧头只有 2 到 14 字节。',
    ],
    table: '一小时里两者的开销',
    requestHead: '轮询请求的头部',
    responseHead: '响应的头部',
    interval: '每隔几秒轮询一次',
    messages: '每小时消息数',
    size: '每条消息的字节数',
    clients: '客户端数',
    roundTrip: '往返时间（毫秒）',
    polling: 'HTTP 轮询',
    webSocket: 'WebSocket 连接',
    exchanges: '请求和响应，或握手',
    headers: '头部字节数',
    payload: '负载字节数',
    wait: '新消息平均等待',
    connections: '打开的连接数（不用 keep-alive）',
    milliseconds: (value) => `${value} 毫秒`,
    ratio: (times) => `轮询发送的头部字节是 WebSocket 的 ${times} 倍。`,
  },
  handshake: {
    title: '握手',
    text: [
      'WebSocket 从 HTTP 开始：一个要求升级的 GET 请求，以及回答 101。从响应的空行之后的第一个字节起，连接上传输的就是帧。',
      '服务器要证明自己懂这个协议：它把一个固定的 GUID 接在客户端的密钥后面，一起做 SHA-1 散列，再以 base64 回答。这既不是秘密也不是密码，只是防止不懂 WebSocket 的服务器被欺骗。',
    ],
    request: '请求',
    response: '响应',
    accept: '对密钥的回答是怎样算出来的',
    key: '客户端的 Sec-WebSocket-Key',
    joined: '后面接上 GUID',
    hash: 'SHA-1 散列',
    inBase64: 'base64 编码：Sec-WebSocket-Accept',
    right: '服务器的回答正是这个：它读到了密钥。',
    wrong: '服务器的回答不是这个：用这个密钥，客户端必须让连接失败。',
    headers: {
      upgrade: '要求从 HTTP 换到 WebSocket；响应里说同样的话。',
      connection: '说明 Upgrade 只涉及这一条连接，与后面的缓存和代理无关。',
      'sec-websocket-key': '16 个随机字节的 base64，每条连接都是新的。',
      'sec-websocket-version': 'RFC 6455 的版本是 13。',
      'sec-websocket-accept': '对密钥的回答。',
      'sec-websocket-extensions': '提供的扩展，以及被接受的扩展：permessage-deflate 用来压缩。',
      'sec-websocket-protocol': '消息里双方可以使用的子协议；由服务器选一个。',
      host: '指明要访问服务器上的哪个站点。',
      origin: '是哪个页面在请求：服务器可以拒绝陌生的页面。',
    },
  },
  'first-frame': {
    title: '第一帧',
    text: [
      '两个字节就够做帧头。第一个字节说明消息是否到此结束（FIN），是否被扩展改变（RSV1 到 RSV3），以及是什么（操作码）。第二个字节说明有没有掩码（MASK），以及负载有多长。',
      '指向下面的任何东西：同样的字节会在各处亮起来。然后逐步解码。',
    ],
  },
  lengths: {
    title: '长度',
    text: [
      '大多数消息很短，所以长度只占 7 位。126 和 127 不是长度：它们说明后面的 2 个或 8 个字节才是。必须使用放得下的最短形式。',
      '最长的形式可以声明 2^63 - 1 字节，从来没有人发送过这么多。',
    ],
  },
  masking: {
    title: '掩码',
    text: [
      '客户端必须给负载加掩码：每个字节与掩码键的一个字节做异或，每一帧的掩码键都重新生成。接收方再做一次同样的运算，就得到负载。',
      '为什么？否则一个页面就能决定访问者的浏览器发送哪些字节。不懂 WebSocket 的老代理会把这些字节当作 HTTP 请求，并把得到的响应放进所有人的缓存（RFC 6455 §10.3）。有了页面无法预知的掩码键，它就不能再选择这些字节了。',
      '它不是加密：掩码键就在帧里，紧挨在负载前面。看到帧的人都能读出内容。保密要靠 wss://，也就是 TLS。',
    ],
  },
  fragmentation: {
    title: '分片',
    text: [
      '发送方可以在还不知道消息在哪里结束时就开始发送。第一帧带操作码且 FIN = 0，后面的帧操作码为 0（延续帧），最后一帧 FIN = 1。',
      '一条消息的分片之间可以有控制帧，但不能有别的消息：接收方只需要记住一条未完成的消息。',
    ],
  },
  control: {
    title: '控制帧',
    text: [
      'ping、pong 和关闭帧的操作码从 8 开始。它们从不分片，从不压缩，最多 125 字节，因此可以立即处理。',
      'ping 询问对方是否还在，pong 用同样的负载回答。两者之间的时间就是往返时间。',
    ],
  },
  closing: {
    title: '关闭',
    text: [
      '想结束的一方发送关闭帧，另一方也回应一个，然后服务器结束 TCP 连接。这样双方都知道没有丢失任何东西。',
      '帧体可以为空；否则前两个字节是状态码，高位字节在前，后面是文本形式的原因。有些状态码只供程序内部使用，绝不能发送：1005 表示没有状态码，1006 表示连接中断。',
    ],
  },
  compression: {
    title: '压缩',
    text: [
      '如果握手时协商了 permessage-deflate，第一帧的 RSV1 就说明消息经过压缩。发送方压缩消息，去掉 00 00 ff ff，再加掩码；接收方按相反的顺序还原。',
      '窗口在消息之间保留：可以引用之前说过的内容，所以两条相似的消息中第二条短得多。没有看到第一条的人读不出第二条。',
    ],
  },
  article: {
    title: '文章里的两帧',
    text: [
      '一篇教程抓取了页面对 Python 服务器说 111 的过程，并手工解码这一帧。它做到一半就停了。找出它漏掉了什么。',
      '它把 RSV1 当作 0；它把掩码叫作加密；它把服务器回答的长度 0x18 读成 8；而且那个回答在印出来时丢了一个字节。',
    ],
    client: '客户端的帧',
    server: '服务器的回答（文章中印出来的样子）',
    repair: '补回一个字节',
    repairHow: '选择位置和值。消息能解压吗？解压结果是文本吗？',
    position: '插在负载字节之前',
    value: '字节（十六进制）',
    tryIt: '试一试',
    tryAll: '在每个位置尝试每个字节',
    says: (text) => `消息内容是：${text}`,
    saysNothing: (reason) => `这不是一条消息：${reason}`,
    tried: (all, texts) =>
      `${all} 种可能中，有 ${texts} 种能解压成文本。这里的 deflate 没有校验和：哪一种正确，只能从含义判断。`,
    found: (position, value, text) => `${value} 插在负载字节 ${position} 之前：${text}`,
  },
}
