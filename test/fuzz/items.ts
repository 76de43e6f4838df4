// Stream items for the fuzzer.
import type { Direction, StreamItem } from '../../src/base/stream.ts'
import type { Random } from '../support/builders/websocket-traffic.ts'

/** Stream items of both directions: bytes cut anywhere, gaps, and at last an end each. */
export function* randomItems(
  random: Random,
  make: (direction: Direction) => Uint8Array,
): Generator<[Direction, StreamItem]> {
  let packet = 0
  const place = () => ({ released: ++packet, time: { seconds: packet, nanoseconds: 0 } })
  for (let count = random.below(12); count > 0; count--) {
    const direction: Direction = random.chance(50) ? 0 : 1
    const bytes = make(direction)
    const step = random.oneOf([1, 10, 1448, 1448, 1448])
    for (let at = 0; at < bytes.length; at += step) {
      const end = Math.min(bytes.length, at + step)
      yield [
        direction,
        { kind: 'chunk', bytes, start: at, end, packet: packet + 1, segmentStart: true, ...place() },
      ]
    }
    if (random.chance(20)) {
      const reason = random.oneOf(['acknowledged', 'waited', 'end', 'snapped', 'limit'] as const)
      yield [direction, { kind: 'gap', length: 1 + random.below(300), reason, ...place() }]
    }
  }
  for (const direction of [0, 1] as const)
    yield [
      direction,
      { kind: 'end', reason: random.oneOf(['fin', 'reset', 'capture', 'limit'] as const), ...place() },
    ]
}
