// What can be wrong, in Simplified Chinese: of each code the rule that it is about, and its sentence.
import type { findings as english } from '../en/findings.ts'
import { findingSentences } from './finding-sentences.ts'

const rules: (typeof english)['rules'] = {
  'reserved-opcode': 'RFC 6455 没有定义操作码 3 至 7 和 11 至 15，它们留待将来使用。',
  'rsv-without-extension': 'RSV1、RSV2、RSV3 必须为 0，除非协商了赋予它们含义的扩展。',
  'rsv1-on-continuation': '压缩消息只有第一帧的 RSV1 为 1。',
  'rsv1-on-control': '控制帧从不压缩，它的 RSV1 必须为 0。',
  'unmasked-client-frame': '客户端发送的每一帧都必须使用掩码。',
  'masked-server-frame': '服务器发送的帧一律不得使用掩码。',
  'control-frame-too-long': '控制帧的负载最多 125 字节。',
  'fragmented-control-frame': '控制帧不得分片，它的 FIN 必须为 1。',
  'unexpected-continuation': '延续帧必须接续前面某一帧开始的消息。',
  'expected-continuation': '消息要逐条发送：一条消息的最后一个分片到达之前，不得开始另一条消息。',
  'non-minimal-length': '长度必须使用能够容纳它的最短形式：7 位、16 位或 64 位。',
  'length-high-bit': '64 位长度的最高位必须为 0。',
  'invalid-utf8': '文本消息从头到尾都必须是合法的 UTF-8。',
  'close-body-too-short': '关闭帧的负载要么为空，要么以 2 字节的状态码开头。',
  'invalid-close-code':
    '关闭帧的状态码必须是允许发送的：已注册的状态码，或者 3000 至 4999。1005、1006 和 1015 绝不能出现在帧中。',
  'invalid-close-reason': '关闭帧中的原因必须是合法的 UTF-8。',
  'data-after-close': '一方发送关闭帧之后，不得再发送数据。',
  'inflate-error': '压缩消息的字节在末尾补上 00 00 ff ff 之后，必须是合法的 DEFLATE 数据流。',
  'window-exceeded':
    '压缩消息向前引用的距离不得超过协商的窗口（server_max_window_bits、client_max_window_bits）。',
  'http-in-stream': '状态码为 101 的响应之后，连接上只有帧，不再有 HTTP。',
  'out-of-step': '每一帧都紧接着前一帧的最后一个字节开始，载荷的字节数与它声明的相同。',
  'accept-mismatch':
    'Sec-WebSocket-Accept 是把客户端的密钥与 258EAFA5-E914-47DA-95CA-C5AB0DC85B11 连接起来，计算 SHA-1，再做 base64 编码的结果。',
  'accept-missing': '状态码为 101 的响应必须带有 Sec-WebSocket-Accept。',
  'key-invalid': 'Sec-WebSocket-Key 是 16 个随机字节的 base64 编码。',
  'version-unsupported': 'Sec-WebSocket-Version 必须为 13。',
  'extension-not-offered': '服务器只能接受客户端提出过的扩展。',
  'extension-params-invalid': 'permessage-deflate 有四个参数，每个最多出现一次，取值必须是 RFC 7692 允许的。',
  'subprotocol-not-offered': '服务器只能从客户端提出的子协议中选择一个。',
  'zero-masking-key': '掩码键必须无法预测；掩码键为 00000000 时，负载会原样出现在线路上。',
  'repeated-masking-key': '每一帧都必须使用新的、无法预测的掩码键。',
  'unanswered-ping': '收到 ping 帧必须回应 pong 帧，除非此前已经收到关闭帧。',
  'unsolicited-pong-payload': '回应 ping 帧的 pong 帧，其负载必须与该 ping 帧相同。',
  'no-close-frame': 'TCP 连接结束之前，双方都应发送关闭帧；否则无法得知数据是否已经全部到达。',
  'upgrade-refused': '只有状态码 101 表示接受升级；其他状态码之后不会使用 WebSocket。',
  'truncated-capture': '抓包文件被截断或已损坏；此前的内容已经读取。',
  'truncated-packet': '抓包时只保存了数据包的开头部分（快照长度），其余字节缺失。',
  gap: '字节流中的这些字节不在抓包的任何数据包里。',
  'retransmission-conflict': '重传带来了不同的字节；采用最先到达的内容。',
  midstream: '握手的一部分或全部没有抓到。',
  'frames-assumed': '没有抓到握手时，无法确知哪个字节是帧的起点。',
  resynchronized: '在缺失的字节之后，根据帧的格式重新找到了帧的起点。',
  'incomplete-frame': '抓包中只有这一帧的一部分。',
  'inflate-context-lost': '压缩消息可以引用之前消息的内容；这条消息所引用的内容已经丢失。',
  'limit-reached': '达到了内存或时间的上限；超出的部分不再处理。',
  'unsupported-link-type': '不支持读取这种链路类型的数据包。',
  'tunnel-not-read': '这种隧道里的数据包经过加密或压缩，无法读取。',
  'quic-not-read': '不读取 QUIC；其中可能有 HTTP/3 上的 WebSocket。',
  'malformed-packet': '数据包中的各个长度互相矛盾；该数据包被忽略。',
  'tls-secrets-missing': '密钥日志中没有这个 TLS 连接的密钥；连接内容无法解密。',
  'tls-suite-unsupported': '连接使用了不支持的密码套件；连接内容无法解密。',
  'tls-record-unverified': 'TLS 记录的认证标签或 MAC 不正确；其内容不予显示。',
  'hpack-state-lost':
    '抓包从一个 HTTP/2 连接的中途开始，头部压缩表此前已经建立；引用这些表的头部字段无法得知。',
}

export const findings: typeof english = {
  severities: {
    violation: '违规',
    warning: '警告',
    capture: '抓包',
  },
  faults: {
    violation: '通信的一方违反了规则。',
    warning: '合法，但值得怀疑。',
    capture: '并非通信双方的过错：抓包的内容不完整。',
  },
  rules,
  sentences: findingSentences,
}
