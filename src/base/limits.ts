// Every limit with its default. One of these bounds everything that a capture's bytes can make grow, so memory never grows with
// the capture. Platform neutral.
import { PayloadMemory } from './payload-memory.ts'

const MIB = 1024 * 1024

/** Each limit: its default, its unit and what it bounds. The command line makes an option `--limit-<name>` of every row. */
export const LIMITS = {
  /** Bytes that may wait after a hole in one direction of a TCP connection. When more come, the hole counts as a gap. */
  waitingPerStream: { value: 4 * MIB, unit: 'bytes', holds: 'bytes that wait behind a hole, per direction' },
  /**
   * Bytes that framewalk holds back over all connections: after holes, in unfinished heads, frames, messages and inflate windows,
   * and in captures that wait for one another.
   */
  waitingTotal: { value: 64 * MIB, unit: 'bytes', holds: 'bytes held back over all connections' },
  /** TCP connections tracked at a time. When one more comes, the one idle longest is given up. */
  connections: { value: 50_000, unit: 'connections', holds: 'TCP connections tracked at a time' },
  /**
   * WebSocket connections decoded at a time, with the connections seen in mid-stream that may be WebSocket, and HTTP/2 connections
   * that carry none so far. When one more comes, the one idle longest is given up.
   */
  webSockets: { value: 10_000, unit: 'connections', holds: 'WebSocket connections decoded at a time' },
  /** Streams tracked at a time in one HTTP/2 connection: those that are WebSocket and those that may be. */
  http2Streams: { value: 1000, unit: 'streams', holds: 'streams tracked at a time in one HTTP/2 connection' },
  /** IP datagrams that are put together from fragments at a time. */
  fragments: { value: 1024, unit: 'datagrams', holds: 'IP datagrams being put together at a time' },
  /**
   * Seconds of capture time after which an unfinished IP datagram is given up (RFC 1122 §3.3.2 recommends 60 to 120; Linux uses
   * 30).
   */
  fragmentSeconds: { value: 30, unit: 'seconds', holds: 'seconds that an unfinished IP datagram waits' },
  /** Bytes of one HTTP head. Each of its lines counts as 128 bytes more. */
  headSize: { value: 4 * MIB, unit: 'bytes', holds: 'bytes of one HTTP head' },
  /** Payload bytes kept of one frame, and of one message before inflating. The rest is counted and skipped. */
  messageSize: { value: 16 * MIB, unit: 'bytes', holds: 'payload bytes kept of one frame or message' },
  /** Bytes that one message may inflate to. */
  inflateSize: { value: 16 * MIB, unit: 'bytes', holds: 'bytes that one message may inflate to' },
  /**
   * Bytes that all messages together may inflate to, for each byte captured so far. The first 256 MiB are free. A message that is
   * as the one before shrinks to a hundredth and comes in a packet with headers, so only what was made to be slow reaches this.
   */
  inflateRatio: {
    value: 256,
    unit: 'bytes',
    holds: 'bytes inflated for each byte captured, past the first 256 MiB',
  },
  /**
   * Inflate streams kept alive at a time. When one more is needed, the one idle longest is closed and only its window (32 KiB) is
   * kept.
   */
  inflaters: { value: 256, unit: 'streams', holds: 'inflate streams kept alive at a time' },
  /**
   * Bytes of TLS secrets kept, of key logs and captures together. Each counts as 96 bytes: a key log of a million lines fits.
   */
  secrets: { value: 96 * MIB, unit: 'bytes', holds: 'bytes of TLS secrets kept' },
  /** Findings of one code that are printed. Further ones are only counted, in the summary. */
  findings: { value: 1000, unit: 'findings', holds: 'findings of one code that are printed' },
} as const satisfies Record<string, { value: number; unit: string; holds: string }>

/** The name of a limit. */
export type LimitName = keyof typeof LIMITS

/** A value for every limit; whole numbers of at least 1. */
export type Limits = Readonly<Record<LimitName, number>>

/**
 * The defaults, with what the caller changed. Throws RangeError for an unknown name and for a value that is not a whole number of
 * at least 1.
 */
export function limitsWith(changed: Partial<Limits> = {}): Limits {
  const unknown = Object.keys(changed).find((name) => !Object.hasOwn(LIMITS, name))
  if (unknown !== undefined)
    throw new RangeError(`limit ${unknown}: no such limit; the limits are ${Object.keys(LIMITS).join(', ')}`)
  const limits = {} as Record<LimitName, number>
  for (const name of Object.keys(LIMITS) as LimitName[]) {
    const value = changed[name] ?? LIMITS[name].value
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`limit ${name}: expected a whole number of at least 1, got ${value}`)
    }
    limits[name] = value
  }
  return limits
}

/**
 * The bytes held back over all connections (`waitingTotal`). Every stage that keeps bytes draws them from this budget. A stage
 * whose bytes may wait long draws from a share of it, so that the stages after it find room.
 */
export class Budget {
  /** Bytes now held. */
  held = 0
  /** Memory for payloads, used again. A share has that of its whole. */
  readonly memory: PayloadMemory
  readonly limit: number
  readonly #whole: Budget | undefined

  /** `whole`: the budget that this one is a share of. */
  constructor(limit: number, whole?: Budget) {
    this.limit = limit
    this.#whole = whole
    this.memory = whole?.memory ?? new PayloadMemory()
  }

  /** A part of at most `limit` bytes. What it holds counts in this budget too. */
  share(limit: number): Budget {
    return new Budget(limit, this)
  }

  /** Takes `bytes`. Returns false, and takes nothing, if that would exceed the limit. */
  take(bytes: number): boolean {
    if (this.held + bytes > this.limit || this.#whole?.take(bytes) === false) return false
    this.held += bytes
    return true
  }

  /** Gives back `bytes` that were taken. */
  give(bytes: number): void {
    this.held -= bytes
    this.#whole?.give(bytes)
  }
}
