// The exercises of the lesson, answered by what their reader sees and has been taught: the English question, the options, the bytes in hex, and
// the concepts of lesson-concepts.ts. Nothing here is taken from the page's code.
import { toHex } from '../../../src/base/bytes.ts'
import { utf8 } from '../builders/packet-builder.ts'
import type { KNOWLEDGE } from './lesson-concepts.ts'

/** What the page shows of an exercise. */
export interface Shown {
  readonly question: string
  readonly options: readonly string[]
  /** Empty if there are none. */
  readonly bytes: Uint8Array
  readonly lines: readonly string[]
}

/** What the reader can do. */
export type Knowledge = typeof KNOWLEDGE

/** The answer as it is typed; of a choice, the number of the option. */
type Solve = (shown: Shown, know: Knowledge) => string

/** Numbers in the order of the question. */
const numbers = ({ question }: Shown): number[] => (question.match(/\d+/g) ?? []).map(Number)

/** `every second`, `every 5 seconds`. */
const interval = ({ question }: Shown): number => Number(/every (?:(\d+) )?second/.exec(question)![1] ?? 1)

/** The option that a word is in. */
function option({ options }: Shown, word: string | RegExp): string {
  const found = options.flatMap((text, i) =>
    (typeof word === 'string' ? text === word : word.test(text)) ? [i] : [],
  )
  if (found.length !== 1) throw new Error(`not one option says ${word}: ${options}`)
  return String(found[0])
}

const yesOrNo = (shown: Shown, yes: boolean): string => option(shown, yes ? 'yes' : 'no')

/** A frame as its reader sees it. */
interface Read {
  readonly first: number
  readonly payload: Uint8Array
}

/** Short frames of a server, one after another. */
function framesOf(bytes: Uint8Array, know: Knowledge): Read[] {
  const frames: Read[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = know.plainLength(bytes[at + 1]!)
    frames.push({ first: bytes[at]!, payload: bytes.subarray(at + 2, at + 2 + length) })
    at += 2 + length
  }
  return frames
}

const spell = (bytes: Uint8Array, know: Knowledge): string => Array.from(bytes, know.letter).join('')

/** The payloads of the message among frames of one side. */
function joined(bytes: Uint8Array, know: Knowledge): string {
  const parts = framesOf(bytes, know).filter(({ first }) => !know.mayComeBetween(know.opcode(first)))
  return parts.map(({ payload }) => spell(payload, know)).join('')
}

/** `text (FIN 0), ping (FIN 1)` in a question. */
function sequence({ question }: Shown): { kind: string; fin: boolean }[] {
  return [...question.matchAll(/(\w+) \(FIN (\d)\)/g)].map(([, kind, fin]) => ({
    kind: kind!,
    fin: fin === '1',
  }))
}

const isControl = (kind: string, know: Knowledge): boolean =>
  [8, 9, 10].some((opcode) => know.mayComeBetween(opcode) && know.kind(opcode) === kind)

/** The masked payload of a short frame with MASK set, without its mask. */
function unmasked({ bytes }: Shown, know: Knowledge): Uint8Array {
  const key = bytes.subarray(2, 2 + know.keyBytes())
  const payload = bytes.subarray(2 + know.keyBytes())
  return payload.map((byte, i) => know.xor(byte, key[know.keyIndex(i)]!))
}

/** The first byte of a frame. */
function firstByte(fin: boolean, rsv1: boolean, opcode: number): string {
  return ((fin ? 0x80 : 0) + (rsv1 ? 0x40 : 0) + opcode).toString(16).padStart(2, '0')
}

export const ANSWERS: Readonly<Record<string, Solve>> = {
  // Polling
  requestsPerHour: (shown) => String((numbers(shown)[0]! * 3600) / interval(shown)),
  meanWait: (shown, know) => String(know.meanWait(interval(shown) * 1000)),
  newsArrives: (shown, know) =>
    String(know.meanWait(interval(shown) * 1000) + know.oneWay(numbers(shown).at(-1)!)),
  pollHeaders: (shown, know) => {
    const [request, response, polls] = numbers(shown)
    return String(know.headsOfPoll(request!, response!) * polls!)
  },

  // The handshake
  statusLine: (shown, know) => String(shown.options.findIndex(know.switches)),
  acceptOf: ({ question }, know) => know.accept(/the key (\S+)\. /.exec(question)![1]!),
  isCompressed: (shown, know) => {
    const accepted = /the response accepts “([^”]*)”/.exec(shown.question)?.[1] ?? ''
    return yesOrNo(shown, know.isAgreed('permessage-deflate', accepted))
  },
  brokenHandshake: (shown, know) => {
    const what = { method: /GET/, connection: /^Connection/, version: /version/, key: /key/ }
    return option(shown, what[know.lacks(shown.lines)!])
  },

  // Hex and bits
  hexNumber: ({ question }, know) => String(know.byte(/0x(..)/.exec(question)![1]!)),
  numberHex: (shown, know) => know.digits(numbers(shown)[0]!),
  bitsHex: ({ question }, know) => {
    const [, high, low] = /([01]{4}) ([01]{4})/.exec(question)!
    return know.digitOf(high!) + know.digitOf(low!)
  },
  lowerBits: ({ question }, know) => {
    const [, count, digits] = /lower (\d) bits of the byte 0x(..)/.exec(question)!
    return String(know.lower(know.byte(digits!), Number(count)))
  },
  asciiText: ({ question }, know) =>
    /bytes ([0-9a-f ]+) spell/
      .exec(question)![1]!
      .split(' ')
      .map((digits) => know.letter(know.byte(digits)))
      .join(''),

  // The first frame
  opcodeOf: ({ bytes }, know) => String(know.opcode(bytes[0]!)),
  kindOfFrame: (shown, know) => option(shown, know.kind(know.opcode(know.byte(lastByte(shown))))),
  endsMessage: (shown, know) => yesOrNo(shown, know.fin(shown.bytes[0]!)),
  payloadLengthOf: ({ bytes }, know) => String(know.plainLength(bytes[1]!)),
  textOf: ({ bytes }, know) => spell(know.payloadAfterTwoBytes(bytes), know),

  // Lengths
  lengthForm: (shown, know) => String(know.lengthForm(numbers(shown)[0]!).says),
  lengthRead: ({ bytes }, know) => {
    if (know.plainLength(bytes[1]!) !== 126) throw new Error('not the form of two bytes')
    return String(know.inNetworkOrder(bytes[2]!, bytes[3]!))
  },
  lengthWrite: (shown, know) => inTwoBytes(numbers(shown)[0]!, know),
  frameSize: (shown, know) => {
    const [size] = numbers(shown)
    return String(2 + know.lengthForm(size!).bytes + size!)
  },

  // Masking
  senderOf: (shown, know) => {
    const masker = know.whoMasks()
    return know.mask(shown.bytes[1]!) ? option(shown, masker) : option(shown, /server/)
  },
  maskedLengthOf: ({ bytes }, know) => String(know.lower(bytes[1]!, 7)),
  payloadStart: ({ bytes }, know) => String(2 + (know.mask(bytes[1]!) ? know.keyBytes() : 0)),
  frameHeader: (shown, know) => {
    const isMasked = shown.question.includes(
      `goes from ${know.whoMasks()}`.replace('the client', 'the client to'),
    )
    return String(2 + know.lengthForm(numbers(shown)[0]!).bytes + (isMasked ? know.keyBytes() : 0))
  },
  keyIndex: (shown, know) => String(know.keyIndex(numbers(shown).at(-1)!)),
  unmaskByte: (shown, know) =>
    know.digits(unmasked(shown, know)[Number(/byte (\d+)/.exec(shown.question)![1])]!),
  unmaskText: (shown, know) => spell(unmasked(shown, know), know),
  findKey: ({ question, bytes }, know) => {
    const known = utf8(/starts with “(....)”/.exec(question)![1]!)
    return toHex(known.map((byte, i) => know.xor(byte, bytes[i]!)))
  },

  // Fragmentation
  countMessages: (shown, know) =>
    String(sequence(shown).filter(({ kind, fin }) => fin && !isControl(kind, know)).length),
  joinFragments: ({ bytes }, know) => joined(bytes, know),
  fragmentByte: ({ question }, know) => {
    const place = /the (first|second|last) of three/.exec(question)![1]!
    const { opcode, fin } = know.fragment(place === 'second' ? 'middle' : (place as 'first' | 'last'), 1)
    return firstByte(fin, false, opcode)
  },
  brokenOrder: (shown, know) => {
    let isOpen = false
    for (const { kind, fin } of sequence(shown).filter((frame) => !isControl(frame.kind, know))) {
      if (!isOpen && kind === 'continuation') return option(shown, /without a beginning/)
      if (isOpen && kind !== 'continuation') return option(shown, /inside another/)
      isOpen = !fin
    }
    return option(shown, 'none')
  },

  // Control frames
  pongPayload: ({ bytes }, know) => toHex(know.pongFor(know.payloadAfterTwoBytes(bytes)), ' '),
  kindOf: (shown, know) => option(shown, know.kind(know.opcode(know.byte(lastByte(shown))))),
  brokenControl: (shown, know) => {
    const [first, second] = shown.bytes as unknown as [number, number]
    if (!know.fin(first)) return option(shown, /FIN = 0/)
    if (know.rsv1(first)) return option(shown, /RSV1/)
    return option(shown, know.plainLength(second) > know.mostOfControl() ? /125 bytes/ : 'none')
  },
  controlBetween: ({ bytes }, know) => joined(bytes, know),

  // Closing
  closeCodeOf: ({ bytes }, know) =>
    String(know.inNetworkOrder(...know.closeCode(know.payloadAfterTwoBytes(bytes)))),
  closeBytes: (shown, know) => inTwoBytes(numbers(shown)[0]!, know),
  closeReason: ({ bytes }, know) => spell(know.closeReason(know.payloadAfterTwoBytes(bytes)), know),
  mayBeSent: (shown, know) => yesOrNo(shown, know.mayBeSent(numbers(shown)[0]!)),

  // Compression
  isDeflated: (shown, know) => yesOrNo(shown, know.isCompressed(know.rsv1(shown.bytes[0]!))),
  deflatedByte: ({ question }, know) => {
    const [, part, kind] = /of (a whole|the first fragment of a) (text|binary) message/.exec(question)!
    return firstByte(part === 'a whole', know.isCompressed(true), know.kind(1) === kind ? 1 : 2)
  },
  tail: (_, know) => toHex(know.tail()),
  rsv1Count: (_, know) => String(know.framesWithRsv1()),
  inflateText: ({ bytes }, know) => know.inflate(know.payloadAfterTwoBytes(bytes))!,

  // The article's two frames
  overlooked: (shown, know) => {
    if (!know.rsv1(shown.bytes[0]!)) throw new Error('nothing was overlooked')
    return option(shown, 'RSV1')
  },
  hexLength: ({ question }, know) => String(know.plainLength(know.byte(/0x(..)/.exec(question)![1]!))),
  lostBytes: ({ bytes }, know) =>
    String(know.plainLength(bytes[1]!) - know.payloadAfterTwoBytes(bytes).length),
  lostByte: (shown, know) => {
    const at = Number(/before payload byte (\d+)/.exec(shown.question)![1])
    const payload = know.payloadAfterTwoBytes(shown.bytes)
    const right = shown.options.flatMap((digits, i) => {
      const whole = Uint8Array.of(...payload.subarray(0, at), know.byte(digits), ...payload.subarray(at))
      return know.inflate(whole) === undefined ? [] : [i]
    })
    if (right.length !== 1) throw new Error(`${right.length} of the bytes make it a message`)
    return String(right[0])
  },
  whoCanRead: (shown, know) =>
    know.isCompressed(know.rsv1(shown.bytes[0]!)) && know.needsWhatCameBefore()
      ? option(shown, /messages before/)
      : option(shown, 'nothing'),
}

/** The byte in `starts with the byte 89`. */
function lastByte({ question }: Shown): string {
  return /the byte (..)\b/.exec(question)![1]!
}

function inTwoBytes(value: number, know: Knowledge): string {
  for (let high = 0; high < 256; high++)
    for (let low = 0; low < 256; low++)
      if (know.inNetworkOrder(high, low) === value) return know.digits(high) + know.digits(low)
  throw new RangeError(`${value} has no room in two bytes`)
}
