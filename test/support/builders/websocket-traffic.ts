// Random WebSocket traffic of one direction, as programs send it, and what a network makes of it: segments, some of them lost.
import type { StreamItem } from '../../../src/base/stream.ts'
import { encodeFrame, type FrameFields } from '../../../src/websocket/encode.ts'
import { chunkOf, endOf, gapOf } from './stream-items.ts'

/** Numbers from a seed (mulberry32): the same on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 … below `limit`, whole. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }

  /** True `percent` times in a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}

/**
 * `message`: one segment a write. `mss`: a write is cut into segments of 1448 bytes and a rest. `coalesced`: like `mss`, over
 * several writes at once.
 */
export type Segmentation = 'message' | 'mss' | 'coalesced'

/** Kinds of payload; some of them look like frames. */
export type PayloadKind =
  | 'json'
  | 'chinese'
  | 'random'
  | 'zeros'
  | 'numbers'
  | 'pattern'
  | 'headers'
  | 'frames'

/** What one side sent. */
export interface Traffic {
  readonly masked: boolean
  readonly segmentation: Segmentation
  /** Where each frame starts, and its length. */
  readonly frames: ReadonlyArray<{ readonly offset: number; readonly length: number }>
  readonly bytes: Uint8Array
  /** Where segments start. */
  readonly segments: readonly number[]
}

const MSS = 1448
const encoder = new TextEncoder()

/** `count` messages, some fragmented, some pings between, each with a payload of one of `kinds`. */
export function traffic(random: Random, count: number, kinds: readonly PayloadKind[]): Traffic {
  const masked = random.chance(50)
  const segmentation = random.oneOf<Segmentation>(['message', 'mss', 'mss', 'coalesced'])
  const largest = random.oneOf([40, 200, 1000, 6000, 20_000])
  const kind = random.chance(50) ? random.oneOf(kinds) : undefined
  const writes: Uint8Array[][] = []
  for (let message = 0; message < count; message++) {
    writes.push(messageFrames(random, kind ?? random.oneOf(kinds), largest, masked))
    if (random.chance(5))
      writes.push([frame(random, { fin: true, opcode: 9, payload: random.bytes(random.below(8)) }, masked)])
  }
  const frames: { offset: number; length: number }[] = []
  const segments: number[] = []
  let offset = 0
  /** Where the bytes that go out together start. */
  let sentFrom = 0
  for (const write of writes) {
    for (const { length } of write) {
      frames.push({ offset, length })
      offset += length
    }
    if (segmentation === 'coalesced' && random.chance(90)) continue
    for (let at = sentFrom; at < offset; at += segmentation === 'message' ? 65_483 : MSS) segments.push(at)
    sentFrom = offset
  }
  for (let at = sentFrom; at < offset; at += MSS) segments.push(at)
  const bytes = new Uint8Array(offset)
  let at = 0
  for (const part of writes.flat()) {
    bytes.set(part, at)
    at += part.length
  }
  return { masked, segmentation, frames, bytes, segments }
}

/** The traffic as its receiver's stage sees it, without the segments `lost` (indexes, in order). */
export function itemsWithout(sent: Traffic, lost: ReadonlySet<number>): StreamItem[] {
  const items: StreamItem[] = []
  let missing = 0
  sent.segments.forEach((start, index) => {
    const end = sent.segments[index + 1] ?? sent.bytes.length
    if (lost.has(index)) {
      missing += end - start
      return
    }
    if (missing > 0) items.push(gapOf(missing, index + 1))
    missing = 0
    items.push(chunkOf(sent.bytes.subarray(start, end), index + 1))
  })
  if (missing > 0) items.push(gapOf(missing, sent.segments.length))
  items.push(endOf('fin', sent.segments.length))
  return items
}

function messageFrames(random: Random, kind: PayloadKind, largest: number, masked: boolean): Uint8Array[] {
  const { opcode, bytes } = payloadOf(
    random,
    kind,
    random.below(random.chance(70) ? Math.min(largest, 300) : largest),
  )
  if (bytes.length < 4 || random.chance(90))
    return [frame(random, { fin: true, opcode, payload: bytes }, masked)]
  const cut = 1 + random.below(bytes.length - 2)
  return [
    frame(random, { fin: false, opcode, payload: bytes.subarray(0, cut) }, masked),
    frame(random, { fin: true, opcode: 0, payload: bytes.subarray(cut) }, masked),
  ]
}

function frame(random: Random, fields: FrameFields, masked: boolean): Uint8Array {
  return encodeFrame(masked ? { ...fields, maskingKey: random.below(2 ** 32) } : fields)
}

function payloadOf(random: Random, kind: PayloadKind, length: number): { opcode: number; bytes: Uint8Array } {
  switch (kind) {
    case 'json':
      return {
        opcode: 1,
        bytes: encoder.encode(json(random, length, ['price', 'volume', 'name', 'status', 'id'])),
      }
    case 'chinese':
      return {
        opcode: 1,
        bytes: encoder.encode(json(random, length / 3, ['服务器', '回应', '价格', '消息', 'é', '😀'])),
      }
    case 'random':
      return { opcode: 2, bytes: random.bytes(length) }
    case 'zeros':
      return { opcode: 2, bytes: new Uint8Array(length) }
    case 'numbers':
      // Small little-endian numbers, as in audio, meshes and counters.
      return {
        opcode: 2,
        bytes: new Uint8Array(Uint32Array.from({ length: length >> 2 }, () => random.below(400)).buffer),
      }
    case 'pattern': {
      const unit = random.bytes(1 + random.below(8))
      unit[0] = random.oneOf([0x80, 0x81, 0x82, 0x88, 0x89, 0x8a])
      return { opcode: 2, bytes: Uint8Array.from({ length }, (_, i) => unit[i % unit.length]!) }
    }
    case 'headers': {
      // Bytes that begin frames, densely, as in sound around its zero line.
      const choices = [0x80, 0x81, 0x82, 0x7f, 0x7e, 0x05, 0x02, 0x85]
      return { opcode: 2, bytes: Uint8Array.from({ length }, () => random.oneOf(choices)) }
    }
    case 'frames': {
      // A recording of WebSocket traffic, sent over WebSocket; some of its frames are masked.
      const parts: Uint8Array[] = []
      const masked = random.chance(50)
      for (let size = 0; size < length; ) {
        const inner = payloadOf(random, random.oneOf(['json', 'random', 'chinese']), random.below(300))
        const part = frame(random, { fin: true, opcode: inner.opcode, payload: inner.bytes }, masked)
        parts.push(part)
        size += part.length
      }
      return { opcode: 2, bytes: Uint8Array.from(parts.flatMap((part) => [...part])) }
    }
  }
}

function json(random: Random, length: number, words: readonly string[]): string {
  let text = '{'
  while (text.length < length) text += `"${random.oneOf(words)}":${random.below(100_000) / 100},`
  return `${text}"end":true}`
}
