// What of a frame's bytes changes from one to the other, field by field: what stays, what is another byte, what goes, what comes.
import { decodeHeader } from '../../websocket/header.ts'

/** Bytes `[start, end)` of one of the two frames. */
export interface Run {
  readonly change: 'same' | 'changed' | 'removed' | 'added'
  readonly start: number
  readonly end: number
}

/** Both frames in runs, behind one another. */
export interface ByteChanges {
  readonly before: readonly Run[]
  readonly after: readonly Run[]
}

/** Compares the headers and the first `most` bytes of the payloads. Without a frame before, all is added. */
export function byteChanges(before: Uint8Array | undefined, after: Uint8Array, most: number): ByteChanges {
  const runs = { before: [] as Run[], after: [] as Run[] }
  const old = regionsOf(before ?? after.subarray(0, 0), most)
  const mended = regionsOf(after, most)
  for (const [i, [start, end]] of mended.entries()) {
    const [oldStart, oldEnd] = old[i]!
    // Another form of the length, and a key that comes or goes, have no byte in common.
    const isWhole = i === EXTENDED_LENGTH && oldEnd - oldStart !== end - start
    const common = isWhole ? 0 : Math.min(oldEnd - oldStart, end - start)
    for (let at = 0; at < common; at++) {
      const change = before![oldStart + at] === after[start + at] ? 'same' : 'changed'
      push(runs.before, change, oldStart + at, oldStart + at + 1)
      push(runs.after, change, start + at, start + at + 1)
    }
    push(runs.before, 'removed', oldStart + common, oldEnd)
    push(runs.after, 'added', start + common, end)
  }
  return runs
}

const EXTENDED_LENGTH = 2

/** First byte, second byte, extended length, key, payload. */
function regionsOf(bytes: Uint8Array, most: number): [start: number, end: number][] {
  const header = decodeHeader(bytes)
  const payloadAt = header?.headerLength ?? 0
  const keyAt = payloadAt - (header?.masked === true ? 4 : 0)
  const first = Math.min(1, bytes.length)
  const second = Math.min(2, bytes.length)
  return [
    [0, first],
    [first, second],
    [second, keyAt],
    [keyAt, payloadAt],
    [payloadAt, Math.min(bytes.length, payloadAt + most)],
  ]
}

function push(runs: Run[], change: Run['change'], start: number, end: number): void {
  if (end <= start) return
  const last = runs.at(-1)
  if (last?.change === change && last.end === start) runs[runs.length - 1] = { ...last, end }
  else runs.push({ change, start, end })
}
