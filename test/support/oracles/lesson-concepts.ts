// What the lesson teaches, as far as exercises need it: each concept by the chapter that introduces it, what the reader can do after that, and
// the words or cells by which one sees, in either language, that the chapter does introduce it. Written from the RFCs, without the page's code.
import { createHash } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import type { Language } from '../../../src/language/language.ts'
import type { ChapterName } from '../../../src/page/lesson/exercises/of-chapters.ts'

/** A concept. `shows`: what must be in its chapter, in each language, besides the exercises. */
interface Concept {
  readonly chapter: ChapterName
  readonly shows: Readonly<Record<Language, readonly (string | RegExp)[]>>
}

/** Something that is called the same in both languages. */
const same = (...shows: readonly (string | RegExp)[]): Concept['shows'] => ({ en: shows, zh: shows })

/** RFC 6455 §5.2. */
const KINDS: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
}

/** Each is what a reader does with the concept. */
export const KNOWLEDGE = {
  /** How long something waits, on average, for what comes once an interval: the mean over a fine grid of moments. */
  meanWait(interval: number): number {
    const moments = 1000
    let sum = 0
    for (let i = 0; i < moments; i++) sum += interval - ((i + 0.5) / moments) * interval
    return Math.round((sum / moments) * 1e6) / 1e6
  },
  oneWay: (roundTrip: number): number => roundTrip / 2,
  headsOfPoll: (request: number, response: number): number => request + response,

  /** RFC 6455 §4.2.2. */
  switches: (statusLine: string): boolean => /^HTTP\/1\.1 101 /.test(statusLine),
  /** RFC 6455 §4.2.2 point 5.4. */
  accept: (key: string): string =>
    createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64'),
  /** RFC 6455 §9.1: `accepted` is what the response names. */
  isAgreed: (name: string, accepted: string): boolean => accepted.split(';')[0]!.trim() === name,
  /** RFC 6455 §4.1: what of it a request lacks. */
  lacks(lines: readonly string[]): 'method' | 'connection' | 'version' | 'key' | undefined {
    const header = (name: string) =>
      lines
        .find((line) => line.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim() ?? ''
    if (!lines[0]!.startsWith('GET ')) return 'method'
    if (!/\bupgrade\b/i.test(header('connection'))) return 'connection'
    if (header('sec-websocket-version') !== '13') return 'version'
    return Buffer.from(header('sec-websocket-key'), 'base64').length === 16 ? undefined : 'key'
  },

  byte(digits: string): number {
    const values = '0123456789abcdef'
    return values.indexOf(digits[0]!) * 16 + values.indexOf(digits[1]!)
  },
  digits: (byte: number): string =>
    '0123456789abcdef'[Math.floor(byte / 16)]! + '0123456789abcdef'[byte % 16]!,
  /** `1010` is `a`. */
  digitOf: (bits: string): string =>
    '0123456789abcdef'[[8, 4, 2, 1].reduce((sum, worth, i) => sum + (bits[i] === '1' ? worth : 0), 0)]!,
  lower: (byte: number, bits: number): number => byte % 2 ** bits,
  letter: (byte: number): string => String.fromCharCode(byte),

  fin: (first: number): boolean => first >= 0x80,
  rsv1: (first: number): boolean => Math.floor(first / 0x40) % 2 === 1,
  opcode: (first: number): number => first % 16,
  kind: (opcode: number): string => KINDS[opcode] ?? 'reserved',
  mask: (second: number): boolean => second >= 0x80,
  /** Of a server's frame. */
  plainLength: (second: number): number => second,
  payloadAfterTwoBytes: (frame: Uint8Array): Uint8Array => frame.subarray(2),

  /** What the seven bits say (RFC 6455 §5.2), and how many bytes come after them. */
  lengthForm: (size: number): { readonly says: number; readonly bytes: number } =>
    size <= 125
      ? { says: size, bytes: 0 }
      : size <= 0xffff
        ? { says: 126, bytes: 2 }
        : { says: 127, bytes: 8 },
  inNetworkOrder: (high: number, low: number): number => high * 256 + low,

  /** RFC 6455 §5.1. */
  whoMasks: (): 'the client' => 'the client',
  keyBytes: (): 4 => 4,
  /** RFC 6455 §5.3. */
  xor(one: number, other: number): number {
    let result = 0
    for (let worth = 128; worth >= 1; worth /= 2) {
      const differ = Math.floor(one / worth) % 2 !== Math.floor(other / worth) % 2
      if (differ) result += worth
    }
    return result
  },
  keyIndex: (index: number): number => index % 4,

  /** RFC 6455 §5.4: opcode and FIN of each of several fragments, by its place. */
  fragment: (place: 'first' | 'middle' | 'last', opcode: number): { opcode: number; fin: boolean } => ({
    opcode: place === 'first' ? opcode : 0,
    fin: place === 'last',
  }),
  /** Whether a frame may come between the fragments of a message. */
  mayComeBetween: (opcode: number): boolean => opcode >= 8,

  /** RFC 6455 §5.5.3. */
  pongFor: (ping: Uint8Array): Uint8Array => ping,
  /** RFC 6455 §5.5. */
  mostOfControl: (): 125 => 125,

  /** RFC 6455 §5.5.1. */
  closeCode: (payload: Uint8Array): readonly [number, number] => [payload[0]!, payload[1]!],
  closeReason: (payload: Uint8Array): Uint8Array => payload.subarray(2),
  /** RFC 6455 §7.4, and IANA's registry. */
  mayBeSent: (code: number): boolean =>
    (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999),

  /** RFC 7692 §6. */
  isCompressed: (rsv1: boolean): boolean => rsv1,
  framesWithRsv1: (): 1 => 1,
  /** RFC 7692 §7.2.1. */
  tail: (): Uint8Array => Uint8Array.of(0x00, 0x00, 0xff, 0xff),
  /** Of a first message, in the laboratory; undefined if it does not inflate to text. */
  inflate(payload: Uint8Array): string | undefined {
    try {
      // A last, empty block makes zlib refuse data that end inside of a block.
      const data = inflateRawSync(Uint8Array.of(...payload, 0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff))
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data)
    } catch {
      return undefined
    }
  },
  needsWhatCameBefore: (): boolean => true,
} as const

export type ConceptName = keyof typeof KNOWLEDGE

const BITS_TABLE = same(/a101010?/, /f151111/)

/** Where each is introduced. */
export const CONCEPTS: Readonly<Record<ConceptName, Concept>> = {
  meanWait: {
    chapter: 'polling',
    shows: { en: ['half of the interval, on average'], zh: ['平均要等间隔的一半'] },
  },
  oneWay: { chapter: 'polling', shows: { en: ['half of a round trip'], zh: ['往返时间的一半'] } },
  headsOfPoll: {
    chapter: 'polling',
    shows: {
      en: ['Every question and every answer carries its full headers'],
      zh: ['每次请求和响应都带着完整的头部'],
    },
  },
  switches: { chapter: 'handshake', shows: { en: ['the answer 101'], zh: ['回答 101'] } },
  accept: { chapter: 'handshake', shows: same('SHA-1', 'base64', '258EAFA5-E914-47DA-95CA-C5AB0DC85B11') },
  isAgreed: {
    chapter: 'handshake',
    shows: { en: ['Only what the response names was agreed on'], zh: ['只有响应里写出的才算协商成功'] },
  },
  lacks: {
    chapter: 'handshake',
    shows: same('GET', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key', /\b16\b/),
  },
  byte: { chapter: 'hex-and-bits', shows: same('5c', '5 × 16 + 12 = 92', '0x5c') },
  digits: { chapter: 'hex-and-bits', shows: BITS_TABLE },
  digitOf: { chapter: 'hex-and-bits', shows: BITS_TABLE },
  lower: {
    chapter: 'hex-and-bits',
    shows: { en: ['lower four bits', 'lower seven bits'], zh: ['低四位', '低七位'] },
  },
  letter: { chapter: 'hex-and-bits', shows: same('ASCII', '6`abcdefghijklmno', '7pqrstuvwxyz') },
  fin: { chapter: 'first-frame', shows: { en: ['FIN, the highest bit'], zh: ['FIN，最高位'] } },
  rsv1: { chapter: 'first-frame', shows: same('RSV1', '0x40') },
  opcode: {
    chapter: 'first-frame',
    shows: { en: ['the opcode, in the lower four bits'], zh: ['操作码，在低四位'] },
  },
  kind: {
    chapter: 'first-frame',
    shows: {
      en: ['0continuation', '1text', '2binary', '8close', '9ping', '10 (a)pong'],
      zh: ['9ping', '10 (a)pong'],
    },
  },
  mask: { chapter: 'first-frame', shows: { en: ['MASK, the highest bit'], zh: ['MASK，最高位'] } },
  plainLength: {
    chapter: 'first-frame',
    shows: { en: ['the byte is the length'], zh: ['这个字节就是长度'] },
  },
  payloadAfterTwoBytes: {
    chapter: 'first-frame',
    shows: { en: ['has two bytes', 'the payload starts right after it'], zh: ['两个字节', '负载紧跟在后面'] },
  },
  lengthForm: { chapter: 'lengths', shows: same(/0.{1,4}125/, /1262/, /1278/) },
  inNetworkOrder: {
    chapter: 'lengths',
    shows: { en: ['network byte order', '1 × 256 + 44 = 300'], zh: ['网络字节序', '1 × 256 + 44 = 300'] },
  },
  whoMasks: {
    chapter: 'masking',
    shows: {
      en: ['A client must mask every frame, and a server must mask none'],
      zh: ['客户端必须给每一帧加掩码，服务器一帧也不能加'],
    },
  },
  keyBytes: {
    chapter: 'masking',
    shows: { en: ['four bytes longer', 'right before the payload'], zh: ['多四个字节', '紧挨在负载前面'] },
  },
  xor: { chapter: 'masking', shows: { en: ['where they differ, the result is 1'], zh: ['不同的位得 1'] } },
  keyIndex: {
    chapter: 'masking',
    shows: {
      en: ['counted from 0', 'i mod 4', 'left over after a division by 4'],
      zh: ['从 0 数起', 'i mod 4', '除以 4 的余数'],
    },
  },
  fragment: {
    chapter: 'fragmentation',
    shows: { en: ['FIN = 0', 'the opcode 0', 'FIN = 1'], zh: ['FIN = 0', '操作码为 0', 'FIN = 1'] },
  },
  mayComeBetween: {
    chapter: 'fragmentation',
    shows: { en: ['Control frames may stand between the fragments'], zh: ['分片之间可以有控制帧'] },
  },
  pongFor: { chapter: 'control', shows: { en: ['answers with the same payload'], zh: ['用同样的负载回答'] } },
  mostOfControl: {
    chapter: 'control',
    shows: {
      en: ['never fragmented, never compressed', '125 bytes'],
      zh: ['从不分片，从不压缩', '125 字节'],
    },
  },
  closeCode: { chapter: 'closing', shows: { en: ['in its first two bytes'], zh: ['前两个字节是状态码'] } },
  closeReason: { chapter: 'closing', shows: { en: ['then a reason as text'], zh: ['后面是文本形式的原因'] } },
  mayBeSent: {
    chapter: 'closing',
    shows: same('1000', '1004', '1005', '1006', '1015', '1016–2999', '3000–3999', '4000–4999', '5000–65535'),
  },
  isCompressed: {
    chapter: 'compression',
    shows: {
      en: ['RSV1 on the first frame says that the message is compressed'],
      zh: ['第一帧的 RSV1 就说明消息经过压缩'],
    },
  },
  framesWithRsv1: {
    chapter: 'compression',
    shows: { en: ['its other frames have RSV1 = 0'], zh: ['其他各帧的 RSV1 = 0'] },
  },
  tail: { chapter: 'compression', shows: same('00 00 ff ff') },
  inflate: { chapter: 'compression', shows: { en: ['deflates the message'], zh: ['压缩消息'] } },
  needsWhatCameBefore: {
    chapter: 'compression',
    shows: { en: ['Whoever has not seen the first one cannot read'], zh: ['没有看到第一条的人，读不出'] },
  },
}
