// The inflaters of compressed messages: payloads in, their bytes out, the window kept from one message to the next (RFC 7692
// §7.2.2, §7.2.3). They share the platform's streams, so that ten thousand connections do not cost ten thousand of them.
import { concat, NO_BYTES } from '../base/bytes.ts'
import type { InflateReason } from '../base/finding-values.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { BlockInflater, Platform } from '../platform/platform.ts'
import { inflateAlone } from '../websocket/inflate-alone.ts'
import { InflateWindow } from '../websocket/inflate-window.ts'
import type { Inflated, Inflater, MakeInflater } from '../websocket/inflater.ts'

/**
 * Compressed bytes given to zlib at a time. One write inflates all that it is given, up to 1032 times its size: at most 4 MiB
 * past a limit.
 */
const SLICE = 4096
/**
 * A stream that has met a fault is lost, which takes 100 µs, and its memory is freed only when Node's event loop turns. So faults
 * are rationed: `MOST_FAULTS` at first, and one more for every `MESSAGES_PER_FAULT` messages. Messages count and not bytes:
 * otherwise bytes that only prime a window would earn more faults.
 */
const MOST_FAULTS = 256
const MESSAGES_PER_FAULT = 256
/**
 * Past that, messages of up to this many bytes are inflated alone, where a fault costs no native memory. Longer ones are not tried
 * if the inflater has met a fault before.
 */
const LONGEST_ALONE = 8192

/**
 * RFC 7692 §7.2.2: what the sender removed from the end of the message. The byte after it must be left over: zlib stops at the
 * end of a block, and so a message that ends inside a block can be told from a whole one.
 */
const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00)
/** The same, if the message's last byte, which is the empty block's header, is still to be written. */
const HEADER_AND_TAIL = Uint8Array.of(0x00, 0x00, 0x00, 0xff, 0xff, 0x00)

/** Bytes that may come out before `limits.inflateRatio` counts. */
const FREE = 2 ** 28
/** What a new stream with the same window costs, as a part of the bytes in its window: 10 µs for 32 KiB. */
const RESTART_COST = 1 / 2

type OpenInflate = Pick<Platform, 'openInflate'>

/**
 * Inflaters that share one pool. At most `limits.inflaters` zlib streams are alive. Past that, the inflaters idle longest keep
 * only their window: it is drawn from the budget, and primes a new stream on the next use. If the budget refuses, the window idle
 * longest is dropped. `captured` tells how many bytes the capture had so far: for each of them, `limits.inflateRatio` may come out.
 */
export function makeInflaterPool(
  limits: Limits,
  budget: Budget,
  { openInflate }: OpenInflate,
  captured: () => number = () => Number.POSITIVE_INFINITY,
): MakeInflater {
  const allowed = () => FREE + limits.inflateRatio * captured()
  const pool = new InflaterPool(limits.inflaters, budget, openInflate, allowed)
  return (windowBits) => new PooledInflater(pool, windowBits)
}

/** The deflate stream ended inside the message. */
const ENDED = -1

/**
 * `unkept`: the budget had no room for the window; the stream still works, but no other can take its place. `dropped`: the stream
 * is gone too.
 */
type WindowState = 'kept' | 'unkept' | 'dropped'

class PooledInflater implements Inflater {
  readonly windowBits: number
  readonly #pool: InflaterPool
  readonly #window: InflateWindow
  /** Bytes at the end of the window that the next message may refer to; those before them were set aside. */
  #live = 0
  /** Messages that were sent uncompressed since the last that was inflated; undefined if there was no room for one. */
  #passed: InflateWindow | undefined
  #stream: BlockInflater | undefined
  #state: WindowState = 'kept'
  #hasFailed = false

  constructor(pool: InflaterPool, windowBits: number) {
    this.#pool = pool
    this.windowBits = windowBits
    this.#window = new InflateWindow(1 << windowBits)
    this.#passed = new InflateWindow(1 << windowBits)
  }

  inflate(payload: Uint8Array, longest: number): Inflated {
    if (this.#state === 'dropped') return this.#failed(NO_BYTES, 'dropped', 'windowDropped')
    const { left } = this.#pool
    if (left <= 0) return this.#failed(NO_BYTES, 'limit', 'inflateRatio')
    const maxLength = Math.min(longest, left)
    const reason = maxLength < longest ? 'inflateRatio' : undefined
    if (!this.#pool.isPatient()) {
      if (this.#state === 'kept' && payload.length <= LONGEST_ALONE)
        return this.#inflateOnWindow(payload, maxLength, reason)
      if (this.#hasFailed) return this.#failed(NO_BYTES, 'dropped', 'notTried')
    }
    this.#pool.use(this)
    const stream = this.#stream ?? this.#openStream()
    stream.start()
    const reached = this.#feed(stream, payload, maxLength)
    this.#pool.spend(stream.length)
    if (stream.length > maxLength)
      return this.#failed(stream.gathered.subarray(0, maxLength), 'limit', reason)
    if (stream.fault !== undefined) {
      // zlib has thrown away what came out of the last slice.
      const again = this.#inflateAlone(payload, this.#liveWindow(), maxLength)
      if (again.status === 'limit') return this.#failed(again.bytes, 'limit', again.reason ?? reason)
      const bytes = again.bytes.length > stream.length ? again.bytes : stream.gathered
      return this.#failed(bytes, 'error', stream.fault)
    }
    if (reached === ENDED) {
      if (this.#state !== 'kept') return this.#failed(stream.gathered, 'dropped', 'windowDropped')
      return this.#inflateOnWindow(payload, maxLength, reason)
    }

    const bytes = stream.gathered
    stream.start()
    const closing = reached < payload.length ? HEADER_AND_TAIL : TAIL
    const consumed = stream.writeBlock(closing)
    const ended = consumed === 0 && stream.fault === undefined
    if (!ended && (consumed !== closing.length - 1 || stream.length > 0)) {
      return this.#failed(bytes, 'error', stream.fault ?? 'endsInsideBlock')
    }
    if (this.#state === 'kept' && !this.#remember(bytes)) this.drop('unkept')
    if (ended) this.#goOnAnew()
    return { bytes, status: 'done', reason: undefined }
  }

  passBy(message: Uint8Array): boolean {
    if (this.#passed?.add(message, this.#pool.aside) === true) return true
    this.#passed?.release(this.#pool.aside)
    this.#passed = undefined
    return false
  }

  setAside(): void {
    this.#stream?.reset()
    this.#live = 0
    this.#state = 'kept'
  }

  recall(payload: Uint8Array, longest: number, isRight: (bytes: Uint8Array) => boolean): Inflated {
    const { left } = this.#pool
    if (left <= 0 || this.#state !== 'kept' || this.#passed === undefined)
      return { bytes: NO_BYTES, status: 'dropped', reason: undefined }
    const window = concat([
      ...this.#window.last(this.#window.length),
      ...this.#passed.last(this.#passed.length),
    ]).subarray(-(1 << this.windowBits))
    const inflated = this.#inflateAlone(payload, window, Math.min(longest, left))
    this.#pool.spend(inflated.bytes.length)
    if (inflated.status !== 'done') return inflated
    if (!isRight(inflated.bytes)) return { ...inflated, status: 'error' }
    this.#giveStreamBack()
    this.reset()
    if (this.#remember(window) && this.#remember(inflated.bytes)) this.#pool.park(this)
    else this.drop('dropped')
    return inflated
  }

  reset(): void {
    this.setAside()
    this.#window.clear()
    this.#passBack()
  }

  close(): void {
    this.#window.release(this.#pool)
    this.#passed?.release(this.#pool.aside)
    this.#giveStreamBack()
  }

  /** What comes out of a message is in the window from then on. False if there is no room. */
  #remember(bytes: Uint8Array): boolean {
    if (!this.#window.add(bytes, this.#pool)) return false
    this.#live = Math.min(this.#live + bytes.length, this.#window.length)
    this.#passBack()
    return true
  }

  /** Forgets what was passed by. */
  #passBack(): void {
    if (this.#passed === undefined) this.#passed = new InflateWindow(1 << this.windowBits)
    else this.#passed.clear()
  }

  #giveStreamBack(): void {
    this.#pool.remove(this, this.#stream)
    this.#stream = undefined
  }

  /** The pool takes the stream away. */
  park(): BlockInflater | undefined {
    const stream = this.#stream
    this.#stream = undefined
    if (this.#state === 'unkept') this.#state = 'dropped'
    if (this.#live === 0) this.#window.release(this.#pool)
    return stream
  }

  /** Whether it has a window to keep. */
  get hasWindow(): boolean {
    return this.#live > 0
  }

  /** Gives up the window. The pool calls this too, for an inflater that has no stream. */
  drop(state: WindowState): void {
    this.#window.release(this.#pool)
    this.#live = 0
    this.#state = state
  }

  /** Does without a stream of the pool: the window is enough. */
  #inflateOnWindow(payload: Uint8Array, maxLength: number, limit: InflateReason | undefined): Inflated {
    this.#giveStreamBack()
    const inflated = this.#inflateAlone(payload, this.#liveWindow(), maxLength)
    const { bytes, status, reason } = inflated
    this.#pool.spend(bytes.length)
    if (status !== 'done')
      return this.#failed(bytes, status, reason ?? (status === 'limit' ? limit : undefined))
    if (this.#remember(bytes)) this.#pool.park(this)
    else this.drop('dropped')
    return inflated
  }

  #liveWindow(): Uint8Array {
    return concat(this.#window.last(this.#live))
  }

  #inflateAlone(payload: Uint8Array, window: Uint8Array, maxLength: number): Inflated {
    return inflateAlone(payload, window, this.windowBits, maxLength, () => this.#payRestart())
  }

  /** Pays for a new deflate stream with the same window. False if `limits.inflateRatio` is reached. */
  #payRestart(): boolean {
    if (this.#pool.left <= 0) return false
    this.#pool.spend((1 << this.windowBits) * RESTART_COST)
    return true
  }

  #failed(bytes: Uint8Array, status: Inflated['status'], reason: string | undefined): Inflated {
    if (this.#stream?.fault !== undefined) {
      this.#stream = undefined
      this.#hasFailed = true
      this.#pool.countFault()
    }
    if (status === 'error') this.setAside()
    else this.reset()
    return { bytes, status, reason }
  }

  #openStream(): BlockInflater {
    this.#stream = this.#pool.stream(this.windowBits)
    this.#stream.prime(this.#window.last(this.#live))
    return this.#stream
  }

  /**
   * Writes `payload`. Stops early at a fault, past `maxLength`, or after a block with BFINAL set before a last byte that is only
   * the header of the empty block which the tail completes. Returns how far it came, or ENDED.
   */
  #feed(stream: BlockInflater, payload: Uint8Array, maxLength: number): number {
    let at = 0
    while (at < payload.length) {
      const end = Math.min(at + SLICE, payload.length)
      const consumed = stream.write(at === 0 && end === payload.length ? payload : payload.subarray(at, end))
      if (stream.fault !== undefined) return at
      if (consumed === 0) return ENDED
      at += consumed
      if (stream.length > maxLength) return at
      if (at < end && at === payload.length - 1 && payload[at] === 0) return at
    }
    return at
  }

  /** The message ended with BFINAL set (RFC 7692 §7.2.3.4): the next one needs a new stream with the same window. */
  #goOnAnew(): void {
    if (this.#state !== 'kept') {
      this.#state = 'dropped'
      return
    }
    this.#payRestart()
    this.#giveStreamBack()
    this.#pool.park(this)
  }
}

/** Who has a stream, and what the windows hold. */
class InflaterPool {
  readonly #open: OpenInflate['openInflate']
  readonly #limit: number
  readonly #budget: Budget
  /** What the messages that were passed by are drawn from: they never take the room of a window. */
  readonly aside: Budget
  /** Inflaters with a stream, and inflaters without one whose window is kept; the one idle longest first. */
  readonly #alive = new Set<PooledInflater>()
  readonly #parked = new Set<PooledInflater>()
  /** Streams of inflaters that were closed. Together with those alive they are no more than the limit. */
  readonly #spare: BlockInflater[] = []
  #latest: PooledInflater | undefined
  /** How many more faults there may be. */
  #patience = MOST_FAULTS
  readonly #allowed: () => number
  #spent = 0

  constructor(limit: number, budget: Budget, open: OpenInflate['openInflate'], allowed: () => number) {
    this.#allowed = allowed
    this.#limit = limit
    this.#budget = budget.share(budget.limit / 2)
    this.aside = budget.share(budget.limit / 8)
    this.#open = open
  }

  /** Counts a message. False while there are more faults than zlib may meet. */
  isPatient(): boolean {
    this.#patience = Math.min(this.#patience + 1 / MESSAGES_PER_FAULT, MOST_FAULTS)
    return this.#patience >= 1
  }

  /** Bytes that may come out now, over all inflaters. */
  get left(): number {
    return this.#allowed() - this.#spent
  }

  spend(bytes: number): void {
    this.#spent += bytes
  }

  countFault(): void {
    this.#patience--
  }

  /** Called before an inflater uses its stream, or asks for one. */
  use(inflater: PooledInflater): void {
    if (inflater === this.#latest) return
    this.#latest = inflater
    this.#parked.delete(inflater)
    this.#alive.delete(inflater)
    this.#alive.add(inflater)
  }

  /**
   * A stream with an empty window, for an inflater that is alive: a spare one, or that of the inflater idle longest. A closed
   * stream is freed only when Node's event loop turns, so streams are reused if possible.
   */
  stream(windowBits: number): BlockInflater {
    const spare = this.#spare.findIndex((stream) => stream.windowBits === windowBits)
    if (spare >= 0) return this.#spare.splice(spare, 1)[0]!
    if (this.#alive.size + this.#spare.length <= this.#limit) return this.#open(windowBits)
    if (this.#spare.length > 0) {
      this.#spare.pop()!.close()
      return this.#open(windowBits)
    }
    const idle = this.#idleLongest(windowBits)
    this.#alive.delete(idle)
    const stream = idle.park()
    this.park(idle)
    if (stream?.windowBits === windowBits) {
      stream.reset()
      return stream
    }
    stream?.close()
    return this.#open(windowBits)
  }

  /** An inflater has a window and no stream. */
  park(inflater: PooledInflater): void {
    if (inflater.hasWindow) this.#parked.add(inflater)
  }

  /** Takes an inflater out, and its stream back. */
  remove(inflater: PooledInflater, stream: BlockInflater | undefined): void {
    if (inflater === this.#latest) this.#latest = undefined
    this.#alive.delete(inflater)
    this.#parked.delete(inflater)
    if (stream === undefined) return
    stream.reset()
    this.#spare.push(stream)
  }

  /** Room for `bytes` more of a window; drops the windows idle longest to make it. */
  take(bytes: number): boolean {
    while (!this.#budget.take(bytes)) {
      const [idle] = this.#parked
      if (idle === undefined) return false
      this.#parked.delete(idle)
      idle.drop('dropped')
    }
    return true
  }

  give(bytes: number): void {
    this.#budget.give(bytes)
  }

  /** The inflater idle longest, with such a window if there is one; never the latest, which is asking. */
  #idleLongest(windowBits: number): PooledInflater {
    for (const inflater of this.#alive) {
      if (inflater.windowBits === windowBits && inflater !== this.#latest) return inflater
    }
    const [first] = this.#alive
    return first!
  }
}
