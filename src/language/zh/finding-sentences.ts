// What was found, in Simplified Chinese: of each code one sentence with its values.
import type {
  BlockFault,
  CaptureDamage,
  Carrier,
  CloseCodeFault,
  CutBy,
  IncompleteFrame,
  InflateCause,
  InflateReason,
  InflatesTo,
  LimitedPart,
  LimitReached,
  MissingBytes,
  NamedFrame,
  OutOfStep,
  ParameterFault,
  RecordFault,
  ShownPayload,
  TlsPlace,
  Utf8Place,
  ZstdReason,
} from '../../base/finding-values.ts'
import type { FindingValues } from '../../base/findings.ts'
import type { Side } from '../../base/stream.ts'
import type { FindingSentences } from '../finding-text.ts'
import { names } from './names.ts'

/** The sentence of each code. */
export const findingSentences: FindingSentences = {
  'reserved-opcode': ({ opcode }) =>
    `操作码 ${opcode} 没有定义，保留给将来的${opcode < 8 ? '数据' : '控制'}帧。`,
  'rsv-without-extension': (values) => {
    const bits = values.bits.join('、')
    if (values.what === 'message')
      return `这条${spaced(names.opcode(values.opcode))}消息的 ${bits} 为 1，却无法解压；没有已知的扩展赋予它含义。`
    const those = values.bits.length === 1 ? '它' : '它们'
    return `${thisFrame(values)}的 ${bits} 为 1，但没有协商赋予${those}含义的扩展。${compressedAllTheSame(values.inflatesTo)}`
  },
  'rsv1-on-continuation': (frame) => `${thisFrame(frame)}的 RSV1 为 1；压缩消息只有第一帧的 RSV1 为 1。`,
  'rsv1-on-control': (frame) => `${thisFrame(frame)}的 RSV1 为 1；控制帧从不压缩。`,
  'unmasked-client-frame': (frame) => `客户端发送了${aFrame(frame)}，却没有使用掩码。`,
  'masked-server-frame': ({ maskingKey, ...frame }) =>
    `服务器发送了${aFrame(frame)}，却使用了掩码，掩码键为 ${maskingKey}。`,
  'control-frame-too-long': (frame) =>
    `${thisFrame(frame)}的负载有 ${frame.payloadLength} 字节；控制帧的负载最多 125 字节。`,
  'fragmented-control-frame': (frame) => `${thisFrame(frame)}的 FIN 为 0；控制帧不得分片。`,
  'unexpected-continuation': (frame) => `${thisFrame(frame)}到来时，没有尚未结束的分片消息可以接续。`,
  'expected-continuation': ({ from, openedBy, ...frame }) =>
    `${thisFrame(frame)}到来时，${names[from]}从第 ${openedBy} 帧开始的消息还没有发送最后一个分片。`,
  'non-minimal-length': ({ payloadLength, bits, enough }) =>
    `长度 ${payloadLength} 用 ${bits} 位表示，而 ${enough} 位就够了。`,
  'length-high-bit': ({ payloadLength }) => `64 位长度 ${payloadLength} 的最高位为 1，而它必须为 0。`,
  'invalid-utf8': (place) => `文本消息不是合法的 UTF-8：${utf8Fault(place)}。`,
  'close-body-too-short': () => '关闭帧的负载只有 1 字节，而状态码需要 2 字节。',
  'invalid-close-code': ({ code, fault }) =>
    `状态码 ${code} ${CLOSE_CODE_FAULTS[fault]}，不允许出现在关闭帧中。`,
  'invalid-close-reason': (place) => `关闭原因不是合法的 UTF-8：${utf8Fault(place)}。`,
  'data-after-close': ({ from, closedBy, ...frame }) =>
    `${names[from]}已经发送过关闭帧（第 ${closedBy} 帧），之后又发送了${aFrame(frame)}。`,
  'inflate-error': ({ reason, cause }) =>
    `压缩消息无法解压：${inflateReason(reason)}${cause === null ? '' : `；${inflateCause(cause)}`}。`,
  'window-exceeded': ({ distance, window }) =>
    `压缩消息引用了 ${distance} 字节之前的内容，而协商的窗口只有 ${window} 字节。`,
  'http-in-stream': (values) =>
    values.what === 'chunk'
      ? `${names[values.from]}把帧放在 HTTP 分块里发送：应当是帧开头的地方是分块长度 ${values.size}。101 之后不再有分块。`
      : `应当是帧开头的地方，${names[values.from]}写的是 HTTP ${values.what === 'request' ? '请求' : '响应'}：“${values.line}”。101 之后只有帧；很可能有第二个处理程序在写同一个套接字。`,
  'out-of-step': (values) => outOfStep(values, values.from),
  'accept-mismatch': ({ accept, key, expected }) =>
    `Sec-WebSocket-Accept 是“${accept}”，而密钥“${key}”对应的值是“${expected}”。`,
  'accept-missing': () => '响应中没有 Sec-WebSocket-Accept。',
  'key-invalid': (values) => {
    if (values.what === 'missing') return '请求中没有 Sec-WebSocket-Key。'
    return values.what === 'several'
      ? `请求中有 ${values.count} 个 Sec-WebSocket-Key。`
      : `Sec-WebSocket-Key“${values.key}”不是 16 字节的 base64 编码。`
  },
  'version-unsupported': ({ version }) =>
    version === null
      ? '请求中没有 Sec-WebSocket-Version，应为 13。'
      : `Sec-WebSocket-Version 是“${version}”，应为 13。`,
  'extension-not-offered': ({ extension }) => `服务器接受了扩展“${extension}”，而客户端并没有提出。`,
  'extension-params-invalid': (values) => {
    const from = names[values.from]
    if (values.what === 'unreadable')
      return `${from}的 Sec-WebSocket-Extensions 从“${values.text}”起无法解析。`
    return `${from}${values.in === 'offer' ? '提出' : '应答'}的 permessage-deflate ${parameterFault(values)}。`
  },
  'subprotocol-not-offered': (values) => {
    const choice = `服务器选择了子协议“${values.chosen}”`
    if (values.what === 'several') return `${choice}，而它只能选择一个。`
    if (values.offered === null) return `${choice}，而客户端没有提出任何子协议。`
    return `${choice}，而客户端提出的是“${values.offered}”。`
  },
  'zero-masking-key': (frame) => `掩码键为 00000000：${thisFrame(frame)}的负载原样出现在线路上。`,
  'repeated-masking-key': ({ maskingKey, usedBy }) =>
    `掩码键 ${maskingKey} 与客户端第 ${usedBy} 帧的相同；每一帧都必须使用新的、无法预测的掩码键。`,
  'unanswered-ping': ({ from, ...ping }) =>
    `${names[from]}发送了一个 ping 帧，负载为${shownPayload(ping)}，而连接关闭时${names[other(from)]}仍未回应。`,
  'unsolicited-pong-payload': ({ from, ping, ...pong }) =>
    ping === null
      ? `${names[from]}发送的 pong 帧负载为${shownPayload(pong)}，但对方从未发送过 ping 帧。`
      : `${names[from]}发送的 pong 帧负载为${shownPayload(pong)}，与尚未得到回应的 ping 帧都不相同；其中最近的第 ${ping.frame} 帧的负载为${shownPayload(ping)}。`,
  'no-close-frame': ({ by, from, carrier }) => {
    const tcp = carrier === 'tcp'
    const end =
      by === 'fin' && from !== null
        ? `${names[from]}结束了 ${CARRIERS[carrier]}${tcp ? '（FIN）' : ''}`
        : `${CARRIERS[carrier]}被重置${tcp ? '（RST）' : ''}`
    return `${end}，而双方都没有发送过关闭帧。`
  },
  'upgrade-refused': (values) => {
    if (values.what === 'response')
      return `服务器以“${values.response}”拒绝了“${values.request}”所请求的升级。`
    const settings = values.allowsConnect ? '' : '它的 SETTINGS 不允许扩展的 CONNECT。'
    return `服务器${howRefused(values)}拒绝了 HTTP/2 流 ${values.stream} 上“${values.request}”所请求的 WebSocket。${settings}`
  },
  'truncated-capture': (damage) =>
    `${captureTitle(damage.file)}：${captureDamage(damage)}；此后的内容没有解码。`,
  'truncated-packet': (values) =>
    values.what === 'header'
      ? `一个头部被快照长度截断（${values.reason}），这个数据包无法读取。`
      : `快照长度从第 ${values.packet} 个包中截去了${names[values.from]}的 ${someBytes(values)}，从其字节流的字节 ${values.offset} 起。`,
  gap: (values) =>
    `${names[values.from]}的字节流从字节 ${values.offset} 起缺少 ${someBytes(values)}：${GAP_REASONS[values.reason]}。`,
  'retransmission-conflict': (values) =>
    values.what === 'http2'
      ? `第 ${values.packet} 个包重传了 HTTP/2 连接的字节，内容却不同；采用最先到达的内容。`
      : `第 ${values.packet} 个包从字节流的字节 ${values.offset} 起重传了 ${values.length} 字节，内容却不同；采用最先到达的内容。`,
  midstream: ({ missing }) =>
    missing === 'handshake'
      ? '没有抓到握手；这个连接是从中途根据内容识别为 WebSocket 的。'
      : `没有抓到握手的${missing === 'request' ? '请求' : '响应'}。`,
  'frames-assumed': () =>
    '没有抓到握手；由于指定了端口（--decode-as），且帧与 TCP 段的边界一致，一方抓到的第一个字节被当作帧的起点。',
  resynchronized: ({ from, offset, confidence, passedOver }) =>
    `从${names[from]}字节流的字节 ${offset} 起，帧的位置重新确定（可信度 ${confidence.toFixed(3)}）；此前跳过了 ${passedOver} 字节。`,
  'incomplete-frame': (values) => {
    if (values.what === 'frame') return cutFrame(values)
    const from = names[values.from]
    return values.what === 'header'
      ? `${whatCut(values.cutBy, values.from, values.carrier)}，位于${from}字节流字节 ${values.offset} 处的帧头只有 ${values.length} 字节。`
      : `从${from}字节流的字节 ${values.offset} 起有 ${values.length} 字节不属于任何能确定的帧。`
  },
  'inflate-context-lost': ({ length, reason }) => {
    const known = length === 0 ? '这条消息没有一个字节能确定' : `这条消息只有前 ${length} 字节能确定`
    return `${known}：${reason === null ? '它引用了此前已经丢失的字节' : inflateReason(reason)}。`
  },
  'limit-reached': (values) => limitReached(values),
  'unsupported-link-type': ({ linkType, name }) => `不读取链路类型 ${linkType}（${name}）的数据包。`,
  'tunnel-not-read': ({ tunnel }) => `${tunnel}：隧道里的内容经过加密或压缩，无法读取；请在隧道的一端抓包。`,
  'quic-not-read': () =>
    '不读取 QUIC，其中的 HTTP/3 可能承载 WebSocket；请在客户端关闭 QUIC，改走 TCP 上的 HTTP/2 再抓包。',
  'malformed-packet': (values) =>
    values.what === 'header'
      ? `一个头部自相矛盾（${values.reason}），这个数据包无法读取。`
      : 'IP 头部声明的字节数多于数据包在线路上的字节数；数据包读到它结束为止。',
  'tls-secrets-missing': (values) =>
    values.what === 'connections'
      ? `${values.count} 个 TLS 连接没有解密：没有密钥日志（--keylog），抓包中也没有密钥。`
      : `${secretsMissing(values)}${tlsPlace(values)}。`,
  'tls-suite-unsupported': (values) =>
    values.what === 'renegotiated'
      ? `这个 TLS 连接中途重新协商了密钥；此后的内容没有解密${tlsPlace(values)}。`
      : `使用 ${values.cipherSuite}${values.isCompressed ? ' 和压缩' : ''}的 ${values.version} 没有解密${tlsPlace(values)}。`,
  'tls-record-unverified': ({ from, ...place }) =>
    `${names[from]}的一条 TLS 记录用给出的密钥验证失败；这样的记录不予显示${tlsPlace(place)}。`,
  'hpack-state-lost': ({ from, reason }) =>
    `${names[from]}的头部字段并非全部已知：${reason === 'lost' ? '它们引用了 HPACK 从此前的字段保留的内容，而那些没有抓到' : '它们的 HPACK 数据违反了 RFC 7541'}。`,
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}

function thisFrame({ opcode }: NamedFrame): string {
  return `这个${spaced(names.frame(opcode))}`
}

function aFrame({ opcode, payloadLength }: NamedFrame): string {
  const name = spaced(names.frame(opcode))
  return payloadLength === 0 ? `一个没有负载的${name}` : `一个负载为 ${payloadLength} 字节的${name}`
}

/** With a space before Latin letters, as everywhere between the two scripts. */
function spaced(name: string): string {
  return /^[a-z]/.test(name) ? ` ${name}` : name
}

/** Hex digits of the bytes, after a space. */
function shownPayload({ payload, payloadLength }: ShownPayload): string {
  if (payloadLength === 0) return '空'
  return payload.length < payloadLength * 2 ? ` ${payload}…（共 ${payloadLength} 字节）` : ` ${payload}`
}

function utf8Fault(place: Utf8Place): string {
  if (place.what === 'endsInside') return `从字节 ${place.start} 开始的字符没有结束`
  const byte = `字节 ${place.offset}（0x${place.byte}）`
  return place.what === 'cannotStart' ? `${byte}不能作为字符的开头` : `${byte}不能接在 0x${place.after} 之后`
}

const CLOSE_CODE_FAULTS: Readonly<Record<CloseCodeFault, string>> = {
  reserved: '是保留的',
  neverSent: '只供端点内部使用',
  tooLow: '小于 1000',
  unregistered: '没有注册',
  tooHigh: '大于 4999',
}

/** What zlib says of bad data. */
const ZLIB_REASONS: Readonly<Record<string, string>> = {
  'invalid block type': '块的类型无效',
  'invalid stored block lengths': '未压缩块的长度无效',
  'too many length or distance symbols': '长度或距离的符号太多',
  'invalid code lengths set': '码长的编码表无效',
  'invalid bit length repeat': '码长的重复无效',
  'invalid code -- missing end-of-block': '编码表中没有块结束符',
  'invalid literal/lengths set': '字面值和长度的编码表无效',
  'invalid distances set': '距离的编码表无效',
  'invalid literal/length code': '字面值或长度的编码无效',
  'invalid distance code': '距离的编码无效',
  'invalid distance too far back': '引用的距离超出了窗口',
  'incorrect data check': '校验和不正确',
  'incorrect length check': '长度不正确',
}

function zlibReason(reason: string): string {
  return ZLIB_REASONS[reason] ?? `zlib 报告“${reason}”`
}

function inflateReason(reason: InflateReason): string {
  switch (reason) {
    case 'noBytes':
      return '它没有任何字节，而空消息也有一个字节'
    case 'endsInsideBlock':
      return '数据在一个块的中间结束'
    case 'windowDropped':
      return '此前的窗口已被放弃，因为所有窗口最多占用保留内存的一半（上限 waitingTotal）'
    case 'notTried':
      return '没有尝试解压，因为此前无法解压的消息太多'
    default:
      return zlibReason(reason)
  }
}

function inflateCause(cause: InflateCause): string {
  if (cause.what === 'kept')
    return '用此前消息的窗口就能解压，而发送方本应清空窗口：协商的是 no_context_takeover'
  const { frame, last, messages } = cause
  return messages === 1
    ? `如果把未压缩发送的第 ${frame} 帧的负载放进窗口，就能解压`
    : `如果把未压缩发送的 ${messages} 条消息（第 ${frame} 帧至第 ${last} 帧）放进窗口，就能解压`
}

/** What follows the sentence about RSV1. */
function compressedAllTheSame(to: InflatesTo | null): string {
  if (to === null) return ''
  const isShortened = to.length === null || new TextEncoder().encode(to.text ?? '').length < to.length
  const amount = to.length === null ? '更多字节' : ` ${to.length} 字节`
  return `负载是压缩过的，尽管没有协商这个扩展：解压后是${to.text === null ? amount : `“${to.text}”${isShortened ? '……' : ''}`}。`
}

function parameterFault(fault: ParameterFault): string {
  switch (fault.what) {
    case 'several':
      return `出现了 ${fault.count} 次`
    case 'unknown':
      return `带有未知的参数 ${fault.parameter}`
    case 'repeated':
      return `多次带有 ${fault.parameter}`
    case 'withoutValue':
      return `带有 ${fault.parameter}，却没有值`
    case 'takesNoValue':
      return `带有 ${fault.parameter}=${fault.value}，而它不能有值`
    case 'outOfRange':
      return `带有 ${fault.parameter}=${fault.value}，而它必须在 8 至 15 之间`
    case 'leadingZero':
      return `带有 ${fault.parameter}=${fault.value}，开头多了零`
    case 'askedFor':
      return `缺少客户端要求的 ${fault.parameter}`
    case 'notOffered':
      return `带有客户端没有提出的 ${fault.parameter}`
    case 'tooLargeForRequest':
      return `带有 ${fault.parameter}=${fault.bits}，大于客户端要求的 ${fault.most}`
    case 'tooLargeForOffer':
      return `带有 ${fault.parameter}=${fault.bits}，大于客户端提出的 ${fault.most}`
  }
}

function howRefused(values: Exclude<FindingValues<'upgrade-refused'>, { what: 'response' }>): string {
  if (values.what === 'http2Response') return `以“${values.response}”`
  const { error } = values
  return `通过重置流（${typeof error === 'number' ? `错误码 ${error}` : error}）`
}

const CARRIERS: Readonly<Record<Carrier, string>> = { tcp: 'TCP 连接', http2: 'HTTP/2 流' }

/** What cut a frame, as the start of a sentence. */
function whatCut(cutBy: CutBy, from: Side, carrier: Carrier): string {
  const tcp = carrier === 'tcp'
  switch (cutBy) {
    case 'gap':
      return '抓包中有缺口'
    case 'fin':
      return `${names[from]}结束了它在 ${CARRIERS[carrier]}上的发送${tcp ? '（FIN）' : ''}`
    case 'reset':
      return `${CARRIERS[carrier]}被重置${tcp ? '（RST）' : ''}`
    case 'capture':
      return '抓包到此结束'
    case 'limit':
      return '连接被放弃（上限 connections 或 webSockets）'
  }
}

function cutFrame(values: Extract<IncompleteFrame, { what: 'frame' }>): string {
  const { from, payloadLength, capturedLength, cutBy, carrier, holes, moreHoles } = values
  const named = holes.map(([start, end]) => (end - start === 1 ? `${start}` : `${start} 至 ${end - 1}`))
  if (moreHoles > 0) named.push(`另外 ${moreHoles} 处`)
  const missing = named.length === 0 ? '' : `；缺少 ${named.join('、')}（从 0 数起）`
  const held = `负载共 ${payloadLength} 字节，抓到 ${capturedLength} 字节${missing}`
  return `${whatCut(cutBy, from, carrier)}，${thisFrame(values)}不完整：${held}。`
}

function someBytes({ length, isEstimate }: MissingBytes): string {
  return `${isEstimate ? '大约 ' : ''}${length} 字节`
}

const GAP_REASONS: Readonly<Record<FindingValues<'gap'>['reason'], string>> = {
  acknowledged: '对方已经确认收到，但抓包中没有数据包包含它们',
  waited: '缺口之后等待的内容太多',
  end: '连接或抓包在它们到来之前就结束了',
  limit: '因为达到上限，framewalk 丢弃了它们',
  undecrypted: '它们无法解密或验证',
}

function captureTitle(file: string): string {
  return file === '-' ? '标准输入' : file
}

const ZSTD_REASONS: Readonly<Record<ZstdReason, string>> = {
  frame: '那里没有帧开始',
  dictionary: '它需要字典',
  block: '数据块不合规范',
  table: '编码表不合规范',
  literals: '字面量不合规范',
  sequences: '序列不合规范',
  length: '解压后的长度与声明的不同',
  checksum: '校验和错误',
  ratio: '解压后超过原长度的一千倍',
}

function captureDamage(damage: CaptureDamage): string {
  const { offset } = damage
  switch (damage.what) {
    case 'gzipCut':
      return `gzip 数据在字节 ${offset} 处被截断`
    case 'gzipDamaged':
      return `gzip 数据在字节 ${offset} 处或稍后损坏（${zlibReason(damage.reason)}）`
    case 'zstdCut':
      return `zstd 数据在字节 ${offset} 处被截断`
    case 'zstdDamaged':
      return `zstd 数据在字节 ${offset} 处损坏（${ZSTD_REASONS[damage.reason]}）`
    case 'zstdWindow':
      return `字节 ${offset} 处的 zstd 数据使用 ${damage.window} 字节的窗口，超过了可以解压的 ${damage.most} 字节`
    case 'record':
      return `字节 ${offset} 处的第 ${damage.record} 条记录${recordFault(damage)}`
    case 'block':
      return `字节 ${offset} 处的块${blockFault(damage)}`
  }
}

function recordFault(fault: RecordFault): string {
  switch (fault.fault) {
    case 'cut':
      return '不完整：文件在它的最后一个字节之前结束'
    case 'headerCut':
      return '不完整：文件在它的头部之内结束'
    case 'tooLong':
      return `声明有 ${fault.length} 字节，超过了允许的 ${fault.most} 字节`
  }
}

function blockFault(fault: BlockFault): string {
  switch (fault.fault) {
    case 'cut':
      return '不完整：文件在它之前结束'
    case 'noByteOrder':
      return '是没有字节序标记 1a2b3c4d 的节头'
    case 'version':
      return `是 pcapng ${fault.version} 版本，不受支持`
    case 'lengthsDiffer':
      return `开头的长度是 ${fault.leading}，结尾的长度却是 ${fault.trailing}`
    case 'interface':
      return `属于接口 ${fault.interface}，而所在的节只描述过 ${fault.described} 个接口`
    case 'interfaces':
      return `描述的接口超过了每节允许的 ${fault.most} 个`
    case 'noRoom':
      return `声明抓到 ${fault.claimed} 字节，却只有 ${fault.room} 字节的空间`
    case 'noRoomForPacket':
      return `应有 ${fault.expected} 字节的数据包，却只有 ${fault.room} 字节的空间`
    case 'noRoomForSecrets':
      return `声明有 ${fault.claimed} 字节的密钥，却只有 ${fault.room} 字节的空间`
    case 'tooShort':
      return `的长度是 ${fault.length}，而这种块至少需要 ${fault.fewest} 字节`
    case 'tooLong':
      return `声明的长度是 ${fault.length}，超过了允许的 ${fault.most}`
  }
}

function limitReached(values: LimitReached): string {
  switch (values.what) {
    case 'messageSize':
      return `${limitedPart(values.of)}只保留前 ${values.limit} 字节（上限 messageSize）。`
    case 'waitingTotal':
      return `${limitedPart(values.of)}没有全部保留：所有连接暂存的内容太多（上限 waitingTotal）。`
    case 'inflateRatio':
      return `连同这条消息的 ${values.wireLength} 字节，各消息解压后的总量超过迄今捕获字节数的 ${values.limit} 倍（上限 inflateRatio）；只保留到那里。`
    case 'inflateSize':
      return `这条消息的 ${values.wireLength} 字节解压后超过 ${values.limit} 字节（上限 inflateSize）；只保留到那里。`
    case 'waitingPerStream':
      return `一个 TCP 字节流的缺口之后等待的内容超过上限（每个方向 ${values.limit} 字节，所有连接共 ${values.total} 字节的一半）：不再等待缺口中的字节。`
    case 'connections':
      return `同时存在的 TCP 连接超过 ${values.limit} 个：放弃了其中空闲最久的 ${values.givenUp} 个（上限 connections）。`
    case 'webSockets':
      return `同时存在的 WebSocket 连接超过 ${values.limit} 个：放弃了其中空闲最久的 ${values.givenUp} 个（上限 webSockets）。`
    case 'fragments':
      return `等待分片的 IP 数据报不得超过 ${values.limit} 个：从这里起，等待最久的会被放弃。`
    case 'fragmentBytes':
      return `暂存的 IP 分片不得超过 ${values.limit} 字节：从这里起，等待最久的数据报会被放弃。`
    case 'headSize':
      return `一个 HTTP 头部超过 ${values.limit} 字节，或者行数达到这个数目（上限 headSize）。`
    case 'request':
      return '没有空间暂存一个 HTTP 请求直到它的响应到来（上限 waitingTotal）。'
    case 'http2Streams':
      return `HTTP/2 流 ${values.stream} 上的 WebSocket 被跳过：它的连接上打开的流太多（上限 http2Streams），或者没有空间。`
    case 'http2HeadSize':
      return `${names[values.from]}的头部字段超过上限 headSize：超出的字段被忽略。`
    case 'tls':
      return `没有空间暂存一个 TLS 连接直到它能解密${tlsPlace(values)}。`
    case 'tlsTrials':
      return `未通过验证的 TLS 记录太多：缺口之后不再试探下一条记录从哪里开始，后面的内容没有解密${tlsPlace(values)}。`
    case 'tlsKeyUpdates':
      return `相对于所发送的内容，密钥更换得太频繁：这个 TLS 连接的其余部分没有解密${tlsPlace(values)}。`
    case 'secrets':
      return `${captureTitle(values.file)}：其中的解密密钥放不下（上限 secrets：捕获文件中的可占 ${values.limit} 字节）；其余的被忽略。`
    case 'findings':
      return `代码为 ${values.code} 的发现超过 ${values.limit} 个：更多的只计入总数（上限 findings）。`
  }
}

function limitedPart(part: LimitedPart): string {
  return 'opcode' in part ? thisFrame(part) : `这条 ${part.wireLength} 字节的消息`
}

function secretsMissing(
  values: Exclude<FindingValues<'tls-secrets-missing'>, { what: 'connections' }>,
): string {
  if (values.what !== 'all')
    return values.what === 'handshake'
      ? '没有抓到 TLS 握手的开头：这个 TLS 连接没有解密'
      : '密钥日志中只有这个 TLS 连接的一部分密钥：它没有全部解密'
  const reasons: string[] = []
  if (values.hasKeyLog) reasons.push('密钥日志中没有这个 TLS 连接的密钥')
  if (values.rsaKeys === 'doNotFit') reasons.push('给出的 RSA 密钥都不能解开它的密钥交换')
  if (values.rsaKeys === 'notUsed') reasons.push(`RSA 密钥不能解开 ${values.cipherSuite}`)
  return `${reasons.join('，')}：它没有解密`
}

function tlsPlace({ between }: TlsPlace): string {
  if (between === undefined) return ''
  const [first, second] = between
  return `（${first.address} 端口 ${first.port} 与 ${second.address} 端口 ${second.port} 之间的 TCP 连接）`
}

function outOfStep(values: OutOfStep, from: Side): string {
  const side = names[from]
  switch (values.what) {
    case 'tls':
      return `应当是帧开头的地方，${side}写的是 TLS 记录（类型 ${values.type}，${values.length} 字节）。`
    case 'text':
      return `应当是帧开头的地方，${side}写的是纯文本：“${values.text}”。`
    case 'emptyLine':
      return `${side}在 HTTP 头之后多写了一个空行：第一个帧之前有 ${values.length} 字节。`
    case 'cutWrite':
      return `${side}声明载荷有 ${values.announced} 字节，只发送了 ${values.sent} 字节：下一个帧从数据包 ${values.packet} 开始。有一次写入被截断，其余部分没有发送。`
    case 'interleaved':
      return `${side}声明载荷有 ${values.announced} 字节，发送 ${values.sent} 字节之后，在数据包 ${values.packet} 里插入了其他帧的 ${values.length} 字节，然后才继续。两个写入者没有轮流使用同一个连接。`
    case 'characters':
      return `${side}数的是字符而不是字节：有一个帧声明 ${values.announced} 字节，而同样数目的字符组成的文本有 ${values.length} 字节。`
    case 'length':
      return `${side}写错了长度：读出来是 ${values.announced}。按 ${values.bytes * 8} 位${values.littleEndian ? '、低位字节在前' : ''}读是 ${values.meant}，帧就在应当结束的地方结束。`
    case 'maskRestart':
      return `${side}在载荷的第 ${values.at} 字节处重新开始使用掩码密钥：这样去掉掩码，其余部分是文本。`
    case 'copy':
      return `服务器发送的帧用的是客户端第 ${values.frame} 帧的掩码密钥：客户端的字节被写进了服务器的流。`
  }
}
