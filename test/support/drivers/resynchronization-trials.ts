// The simulation for resynchronization: random traffic and random losses; what the decoder finds is compared with what was sent.
import { Budget, limitsWith } from '../../../src/base/limits.ts'
import { FrameDecoder } from '../../../src/websocket/frames.ts'
import type { FirstByte } from '../../../src/websocket/tiled-frames.ts'
import {
  itemsWithout,
  type PayloadKind,
  Random,
  type Traffic,
  traffic,
} from '../builders/websocket-traffic.ts'

const KINDS: readonly PayloadKind[] = [
  'json',
  'chinese',
  'random',
  'zeros',
  'numbers',
  'pattern',
  'headers',
  'frames',
]

/** What came of some trials. */
export interface Tally {
  trials: number
  /** Whole frames after a hole, from the first segment that starts a frame, and how many of them were decoded. */
  expected: number
  recovered: number
  /** Whole frames after a hole, wherever they start, and how many of them were decoded. */
  whole: number
  wholeRecovered: number
  /** Frames that were never sent, and the seeds of the trials that had one. */
  invented: number
  inventedIn: number[]
  /** Bytes still drawn from the budget. */
  held: number
}

export function emptyTally(): Tally {
  return {
    trials: 0,
    expected: 0,
    recovered: 0,
    whole: 0,
    wholeRecovered: 0,
    invented: 0,
    inventedIn: [],
    held: 0,
  }
}

/** One trial: about 40 messages, one to three holes of one to twelve segments each. */
export function runTrial(seed: number, tally: Tally, kinds = KINDS): Traffic {
  const random = new Random(seed)
  const sent = traffic(random, 20 + random.below(40), kinds)
  const lost = new Set<number>()
  const holes = random.oneOf([1, 1, 1, 2, 3])
  for (let hole = 0; hole < holes; hole++) {
    const first = 1 + random.below(Math.max(1, sent.segments.length - 1))
    const count = 1 + random.below(random.oneOf([1, 3, 12]))
    for (let index = first; index < first + count; index++) lost.add(index)
  }
  judge(seed, sent, lost, tally)
  return sent
}

/** One trial of a capture that begins in mid-stream: 1 to 40 messages, without the segments before a random one. */
export function runMidstreamTrial(seed: number, tally: Tally, firstByte: FirstByte | undefined): Traffic {
  const random = new Random(seed)
  const sent = traffic(random, random.oneOf([1, 2, 4, 10, 40]), KINDS)
  const first = random.below(sent.segments.length)
  const lost = new Set(Array.from({ length: first }, (_, index) => index))
  judge(seed, sent, lost, tally, { firstByte })
  return sent
}

function judge(
  seed: number,
  sent: Traffic,
  lost: ReadonlySet<number>,
  tally: Tally,
  midstream?: { readonly firstByte: FirstByte | undefined },
): void {
  const budget = new Budget(2 ** 24)
  const decoder = new FrameDecoder({
    connection: 1,
    from: sent.masked ? 'client' : 'server',
    limits: limitsWith(),
    budget,
    rsv1Allowed: seed % 2 === 0,
    midstream: midstream !== undefined,
    firstByte: midstream?.firstByte,
  })
  const decoded = new Map<number, number>()
  for (const item of itemsWithout(sent, lost)) {
    decoder.push(item)
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
      if (event.type === 'frame') decoded.set(event.offset, event.headerLength + Number(event.payloadLength))
    }
  }
  const starts = new Map(sent.frames.map(({ offset, length }) => [offset, length]))
  let invented = 0
  for (const [offset, length] of decoded) if (starts.get(offset) !== length) invented++
  tally.trials++
  tally.held += budget.held
  tally.invented += invented
  if (invented > 0) tally.inventedIn.push(seed)

  const missing = sent.segments.map((start, index) => ({
    start,
    end: sent.segments[index + 1] ?? sent.bytes.length,
    lost: lost.has(index),
  }))
  const segmentStarts = new Set(sent.segments)
  let segment = 0
  let behindHole = midstream !== undefined
  let sure = false
  for (const { offset, length } of sent.frames) {
    while (missing[segment]!.end <= offset) {
      if (missing[segment]!.lost) {
        behindHole = true
        sure = false
      }
      segment++
    }
    let whole = true
    for (let at = segment; at < missing.length && missing[at]!.start < offset + length; at++)
      if (missing[at]!.lost) whole = false
    if (!whole || !behindHole) continue
    if (segmentStarts.has(offset)) sure = true
    const found = decoded.has(offset) ? 1 : 0
    tally.whole++
    tally.wholeRecovered += found
    if (!sure) continue
    tally.expected++
    tally.recovered += found
  }
}
