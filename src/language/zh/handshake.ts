// The words of the handshake, in Simplified Chinese.
import type { handshake as english } from '../en/handshake.ts'

export const handshake: typeof english = {
  title: '握手',
  about: 'WebSocket 连接从一个 HTTP 请求开始。服务器同意之后，同一条连接就改为传送帧。',
  aboutHttp2:
    '在 HTTP/2 上没有协议升级：客户端用 CONNECT 方法打开一个流，并说明要使用的协议（RFC 8441）。这里不需要密钥和对密钥的回应。',
  request: '客户端的请求',
  response: '服务器的响应',
  startLine: '起始行',
  aboutRequestLine: '请求使用 HTTP/1.1 或更高版本的 GET 方法，路径就是 ws:// 或 wss:// 地址中的路径。',
  aboutRequestLineHttp2: 'HTTP/2 没有起始行；这一行是由伪头部拼成的。',
  aboutResponseLine: (status) =>
    status === '101'
      ? '101（切换协议）：服务器同意。这个响应头之后的字节就是帧。'
      : status.startsWith('2')
        ? '在 HTTP/2 上，200 至 299 表示同意；在 HTTP/1.1 上只有 101 表示同意。'
        : '除 101 以外的状态码都表示拒绝，或者先要求别的事情；后面不会有帧。',
  header: '头部',
  value: '值',
  meaning: '作用',
  noRequest: '没有抓到请求。',
  noResponse: '没有抓到响应。',
  emptyValue: '（空）',
  unknownHeader: '不是 WebSocket 的头部，与握手无关。',
  headersLeftOut: (count) => `本页没有收入的头部：${count} 个。`,
  requiredMissing: (names) => `必须有却没有：${names}。`,
  packets: (first, last) => (first === last ? `数据包 ${first}` : `数据包 ${first} 至 ${last}`),
  requestHeaders: {
    ':method': 'CONNECT：这个流成为一条隧道，用途由 :protocol 说明。',
    ':protocol': '要在这个流上使用的协议：websocket。它代替了 Upgrade 头部。',
    ':scheme': 'https 对应 wss://，http 对应 ws://。',
    ':path': '地址中的路径，包括查询部分。',
    ':authority': '地址中的主机和端口；HTTP/2 用它代替 Host 头部。',
    host: '客户端要访问的主机和端口。同一个地址上的服务器可以有许多名字。',
    upgrade: '客户端希望改用的协议：websocket。',
    connection: '包含 Upgrade 一词：Upgrade 头部只对下一跳有效，不认识它的代理不会把它转发出去。',
    'sec-websocket-key':
      '十六个随机字节的 base64 编码。服务器必须针对这些字节作出回应，客户端由此知道服务器读过这个请求，响应也不是来自缓存。它不是秘密，也不是密码。',
    'sec-websocket-version': '协议版本：13，即 RFC 6455 的版本，也是唯一在使用的版本。',
    'sec-websocket-protocol':
      '客户端支持的子协议，最希望使用的排在最前；子协议规定消息的含义。服务器最多选择一个。',
    'sec-websocket-extensions': '客户端提出的扩展，最希望使用的排在最前。服务器可以接受，也可以不接受。',
    origin: '发起连接的网页的来源。浏览器总会发送它，脚本无法修改：服务器据此拒绝其他网站的页面。',
    'user-agent': '客户端所用的程序。握手不依赖它。',
    cookie:
      '这个服务器曾让浏览器保存的内容。每个请求都会带上它，其他网站的页面发起的请求也不例外：所以才需要 Origin。',
    authorization: '客户端的身份以及证明。浏览器中的脚本无法设置它。',
    'proxy-authorization': '给途中的代理看的，与服务器无关。',
    accept: 'HTTP 的头部：客户端接受的内容类型。WebSocket 不使用它。',
    'accept-encoding': 'HTTP 的头部：正文可用的压缩方式。握手没有正文；消息的压缩由扩展负责。',
    'accept-language': 'HTTP 的头部：读者懂得的语言。WebSocket 不使用它。',
    'cache-control': 'HTTP 的头部：途中的缓存不得代为回答。浏览器在每次握手时都会发送它。',
    pragma: 'HTTP/1.0 中的 Cache-Control，给旧的缓存看。',
    'x-forwarded-for': '由代理写入：它代表哪个客户端发出请求。',
    forwarded: '由代理写入：它代表哪个客户端发出请求，以及请求是怎样到达代理的。',
    'content-length': '正文的长度。握手请求没有正文。',
  },
  responseHeaders: {
    ':status': '200 至 299 表示同意；随后的帧作为这个流的 DATA 传送。',
    upgrade: '这条连接随后使用的协议：websocket。',
    connection: '与请求一样包含 Upgrade 一词：Upgrade 头部只对这条连接有效。',
    'sec-websocket-accept':
      '由请求中的密钥计算得出，过程见下文。客户端也做同样的计算；结果不一致就关闭连接。',
    'sec-websocket-protocol': '服务器选定的子协议：客户端提出的子协议之一。',
    'sec-websocket-extensions': '双方从此使用的扩展，以及商定的参数。',
    'sec-websocket-version': '服务器支持的版本；拒绝客户端的版本时才发送。',
    date: '产生响应的时间。',
    server: '服务器所用的程序。握手不依赖它。',
    'set-cookie': '请浏览器保存一些内容，以后的请求都要带上。',
    via: '途经的代理。',
    location: '应当改去的地址。浏览器在握手中不会跟随它。',
    'www-authenticate': '客户端要先用什么方式说明身份，才能进入。',
    'cache-control': 'HTTP 的头部：缓存可以怎样处理这个响应。',
    'content-length': '正文的长度。状态码为 101 的响应没有正文。',
    'content-type': '正文的类型。状态码为 101 的响应没有正文。',
    'transfer-encoding': '长度未知的正文如何分块。状态码为 101 的响应没有正文。',
  },
  offered: '客户端提出的扩展',
  accepted: '服务器接受的扩展',
  noneAccepted: '服务器没有接受任何扩展：所有帧的 RSV1、RSV2、RSV3 都为 0。',
  noneOffered: '客户端没有提出扩展。',
  notAnExtension: (text) => `不符合 RFC 6455 §9.1 的语法：${text}`,
  noParameters: '没有参数：双方都把 32768 字节的窗口从一条消息保留到下一条。',
  unknownExtension: '本页面不认识的扩展。',
  permessageDeflate: '消息用 DEFLATE 压缩：先压缩整条消息，再分成帧。压缩过的消息，第一帧的 RSV1 为 1。',
  unknownParameter: 'permessage-deflate 没有这个参数。',
  parameters: {
    server_no_context_takeover: '服务器在每条消息之后清空窗口。压缩效果变差，但客户端可以节省内存。',
    client_no_context_takeover: '客户端在每条消息之后清空窗口。压缩效果变差，但服务器可以节省内存。',
    server_max_window_bits: (value) =>
      value === null
        ? '服务器最多可以引用多远之前的内容；它需要一个值。'
        : `服务器最多引用${windowOf(value)}。`,
    client_max_window_bits: (value) =>
      value === null
        ? '客户端允许服务器规定它最多引用多远之前的内容。'
        : `客户端最多引用${windowOf(value)}。`,
  },
  computation: '从密钥到回应',
  aboutComputation: '不懂 WebSocket 的服务器不可能碰巧作出这样的回应。改动密钥的一个字符试试看。',
  key: '密钥',
  reset: '恢复抓到的密钥',
  keyUnknown: '没有抓到密钥；可以输入一个，看看与它对应的回应。',
  keyIs: (bytes) =>
    bytes === 16
      ? '按 base64 解码正好是 16 个字节：'
      : `按 base64 解码是 ${bytes} 个字节，而它必须是 16 个：`,
  keyIsNoBase64: '这不是 base64；它必须是 16 个字节的 base64 编码。',
  stepJoin: '在后面接上 RFC 6455 规定的 GUID（按文本）：',
  stepBytes: (count) => `写成字节，每个字符一个，共 ${count} 个`,
  stepHash: '计算 SHA-1，结果总是 20 个字节：',
  stepBase64: '再做 base64 编码，28 个字符：与密钥对应的 Sec-WebSocket-Accept',
  stepCompare: '服务器发送的值',
  matches: '一致：服务器读过这个密钥。',
  differs: (position) => `从第 ${position} 个字符起不同：这不是对这个密钥的回应，客户端会关闭连接。`,
  noAccept: '服务器没有发送 Sec-WebSocket-Accept；客户端会关闭连接。',
  nothingToCompare: '没有抓到响应，无从比较。',
  edited: '密钥已在这里改动，不是抓到的那一个。',
}

function windowOf(bits: string): string {
  return /^(8|9|1[0-5])$/.test(bits)
    ? `之前 ${2 ** Number(bits)} 字节的内容（2 的 ${bits} 次方）`
    : `之前多远的内容由 ${bits} 规定，但它不在 8 至 15 之间`
}
