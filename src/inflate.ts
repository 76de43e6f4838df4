// Node's inflater behind websocket/inflater.ts: compressed messages in, their bytes out, the window kept from one to the next
// (RFC 7692 §7.2.2, §7.2.3). Streams are shared out by a pool, so that ten thousand connections cost no ten thousand zlib streams.
import { constants, InflateRaw, type ZlibOptions } from 'minizlib'
import { NO_BYTES } from './bytes.ts'
import type { Budget, Limits } from './limits.ts'
import type { Inflated, Inflater, MakeInflater } from './websocket/inflater.ts'
import { SlidingWindow } from './websocket/sliding-window.ts'

/** Compressed bytes given to zlib at a time. One write inflates all that it is given, up to 1032 times its size: at most 4 MiB past a limit. */
const SLICE = 4096
/** zlib gives no output for a write that fails. What came before the fault is found with smaller and smaller writes. */
const FINER_SLICES = [512, 64, 8, 1]

/** RFC 7692 §7.2.2: what the sender took off the end of the message. The byte behind it must be left over: zlib stops at the end of a
 * block, and that is how a message that ends inside one is told from a whole one. */
const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00)
/** The same where the message's last byte, the empty block's header, is still to be written. */
const HEADER_AND_TAIL = Uint8Array.of(0x00, 0x00, 0x00, 0xff, 0xff, 0x00)

const WINDOW_DROPPED =
  'the window was given up: inflate windows may hold half of the bytes held back (limit waitingTotal)'

/**
 * Inflaters that share one pool. At most `limits.inflaters` zlib streams are alive; of those beyond, the ones idle longest, only the
 * window is kept, drawn from the budget, and primes a new stream on the next use. Where the budget refuses, the window idle longest is dropped.
 */
export function makeInflaterPool(limits: Limits, budget: Budget): MakeInflater {
  const pool = new InflaterPool(limits.inflaters, budget)
  return (windowBits) => new PooledInflater(pool, windowBits)
}

class PooledInflater implements Inflater {
  readonly #pool: InflaterPool
  readonly #windowBits: number
  readonly #window: SlidingWindow
  #stream: BlockStream | undefined
  /** False where the budget had no room for the window: the stream still works, and nothing can take its place. */
  #windowKept = true
  #dropped = false

  constructor(pool: InflaterPool, windowBits: number) {
    this.#pool = pool
    this.#windowBits = windowBits
    this.#window = new SlidingWindow(1 << windowBits)
  }

  inflate(payload: Uint8Array, maxLength: number): Inflated {
    if (this.#dropped) return this.#failed(NO_BYTES, 'dropped', WINDOW_DROPPED)
    this.#pool.use(this)
    const stream = this.#stream ?? this.#openStream()
    stream.start()
    const reached = this.#feed(stream, payload, 0, payload.length, SLICE, maxLength)
    if (stream.length > maxLength)
      return this.#failed(stream.gathered.subarray(0, maxLength), 'limit', undefined)
    if (stream.fault !== undefined) {
      const reason = stream.fault
      return this.#failed(this.#beforeFault(payload, reached, maxLength), 'error', reason)
    }
    if (this.#dropped) return this.#failed(stream.gathered, 'dropped', WINDOW_DROPPED)

    const bytes = stream.gathered
    stream.start()
    const closing = reached < payload.length ? HEADER_AND_TAIL : TAIL
    const consumed = stream.write(closing)
    const ended = consumed === 0 && stream.fault === undefined
    if (!ended && (consumed !== closing.length - 1 || stream.length > 0)) {
      return this.#failed(bytes, 'error', stream.fault ?? 'the data ends inside a block')
    }
    if (this.#windowKept && !this.#window.add(bytes, this.#pool)) this.#dropWindow()
    if (ended) this.#restart(stream, NO_BYTES)
    return { bytes, status: 'done', reason: undefined }
  }

  reset(): void {
    this.#stream?.reset()
    this.#window.clear()
    this.#windowKept = true
    this.#dropped = false
  }

  close(): void {
    this.#stream?.close()
    this.#stream = undefined
    this.#window.release(this.#pool)
    this.#pool.remove(this)
  }

  /** The pool takes the stream away. True where a window is left to be kept. */
  park(): boolean {
    this.#stream?.close()
    this.#stream = undefined
    this.#dropped = !this.#windowKept
    if (this.#window.length === 0) this.#window.release(this.#pool)
    return this.#window.length > 0
  }

  /** The pool takes the window away, too. */
  drop(): void {
    this.#dropWindow()
    this.#dropped = true
  }

  #dropWindow(): void {
    this.#window.release(this.#pool)
    this.#windowKept = false
  }

  #failed(bytes: Uint8Array, status: Inflated['status'], reason: string | undefined): Inflated {
    this.#stream?.close()
    this.#stream = undefined
    this.reset()
    return { bytes, status, reason }
  }

  #openStream(): BlockStream {
    const stream = new BlockStream(this.#windowBits)
    for (const part of this.#window.parts) stream.prime(part)
    this.#stream = stream
    return stream
  }

  /**
   * Writes `payload[from … to)`, and stops early at a fault, past `maxLength`, or before a last byte that is nothing but the header of the
   * empty block which the tail completes. Returns how far it came.
   */
  #feed(
    stream: BlockStream,
    payload: Uint8Array,
    from: number,
    to: number,
    slice: number,
    maxLength: number,
  ): number {
    let at = from
    while (at < to) {
      const end = Math.min(at + slice, to)
      const consumed = stream.write(at === 0 && end === payload.length ? payload : payload.subarray(at, end))
      if (stream.fault !== undefined) return at
      if (consumed === 0) {
        this.#restart(stream, stream.gathered)
        if (this.#dropped) return at
      }
      at += consumed
      if (stream.length > maxLength) return at
      if (at < end && at === payload.length - 1 && payload[at] === 0) return at
    }
    return at
  }

  /** A block with BFINAL set ended the deflate stream (RFC 7692 §7.2.3.4): a new one goes on with the same window. */
  #restart(stream: BlockStream, since: Uint8Array): void {
    if (!this.#windowKept) {
      this.#dropped = true
      return
    }
    stream.reset()
    for (const part of this.#window.parts) stream.prime(part)
    if (since.length > 0) stream.prime(since.subarray(-(1 << this.#windowBits)))
  }

  /** What comes out before the fault that lies less than a slice behind `good`. */
  #beforeFault(payload: Uint8Array, good: number, maxLength: number): Uint8Array {
    let reached = good
    let faultBefore = Math.min(good + SLICE, payload.length)
    let stream = this.#stream!
    for (const slice of FINER_SLICES) {
      if (faultBefore - reached <= slice && slice > 1) continue
      stream.close()
      stream = this.#openStream()
      stream.start()
      this.#feed(stream, payload, 0, reached, SLICE, maxLength)
      reached = this.#feed(stream, payload, reached, faultBefore, slice, maxLength)
      faultBefore = Math.min(reached + slice, faultBefore)
    }
    return stream.gathered
  }
}

/** A raw deflate stream (RFC 1951) that is written block by block: zlib stops at the end of each one (Z_BLOCK), so that what it has used
 * says whether it stands between two blocks, inside one, or behind the last. Gathers what comes out. */
class BlockStream {
  /** zlib's sentence, once it has refused the data; nothing can be written any more. */
  fault: string | undefined
  /** Bytes gathered. */
  length = 0
  /** One buffer, not a list of parts: a block may hold a single byte, and a small array costs a hundred. */
  #gathered: Uint8Array = NO_BYTES
  #gathering = false
  readonly #inflate: InflateRaw

  constructor(windowBits: number) {
    const options: ZlibOptions & { windowBits: number } = { windowBits, flush: constants.Z_BLOCK }
    this.#inflate = new InflateRaw(options)
    this.#inflate.on('data', (part: Uint8Array) => {
      if (this.#gathering) this.#gather(part)
    })
    this.#inflate.on('error', (error: unknown) => {
      this.fault = (error as Error).message.replace(/^zlib: /, '')
    })
  }

  /** Starts to gather. */
  start(): void {
    this.#gathered = NO_BYTES
    this.length = 0
    this.#gathering = true
  }

  /** Inflates up to the end of a block, or to the end of `bytes`. Returns how many were used: 0 where the stream had ended before. */
  write(bytes: Uint8Array): number {
    this.#inflate.write(bytes as Buffer)
    return this.#inflate.handle?.bytesWritten ?? 0
  }

  /** What was gathered so far: a view. */
  get gathered(): Uint8Array {
    return this.#gathered.subarray(0, this.length)
  }

  /** Puts bytes into the window: as a stored block (RFC 1951 §3.2.4), of at most 32 KiB. */
  prime(bytes: Uint8Array): void {
    const { length } = bytes
    const gathering = this.#gathering
    this.#gathering = false
    this.write(Uint8Array.of(0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff))
    this.write(bytes)
    this.#gathering = gathering
  }

  reset(): void {
    this.#inflate.reset()
  }

  close(): void {
    this.#inflate.close()
  }

  /** The first part is taken as it is, since most messages are one. minizlib made it for us. */
  #gather(part: Uint8Array): void {
    const { length } = this
    this.length += part.length
    if (length === 0) {
      this.#gathered = new Uint8Array(part.buffer, part.byteOffset, part.length)
      return
    }
    if (this.#gathered.length < this.length) {
      const grown = new Uint8Array(this.length * 2)
      grown.set(this.#gathered.subarray(0, length))
      this.#gathered = grown
    }
    this.#gathered.set(part, length)
  }
}

/** Who has a stream, and what the windows hold. */
class InflaterPool {
  readonly #limit: number
  readonly #budget: Budget
  /** Inflaters with a stream, and those without one whose window is kept; the one idle longest first. */
  readonly #alive = new Set<PooledInflater>()
  readonly #parked = new Set<PooledInflater>()
  #latest: PooledInflater | undefined
  /** Bytes that all windows hold. */
  #held = 0

  constructor(limit: number, budget: Budget) {
    this.#limit = limit
    this.#budget = budget
  }

  /** Before an inflater uses its stream, or makes one. */
  use(inflater: PooledInflater): void {
    if (inflater === this.#latest) return
    this.#latest = inflater
    this.#parked.delete(inflater)
    this.#alive.delete(inflater)
    this.#alive.add(inflater)
    if (this.#alive.size <= this.#limit) return
    const [idle] = this.#alive
    this.#alive.delete(idle!)
    if (idle!.park()) this.#parked.add(idle!)
  }

  remove(inflater: PooledInflater): void {
    if (inflater === this.#latest) this.#latest = undefined
    this.#alive.delete(inflater)
    this.#parked.delete(inflater)
  }

  /** Room for `bytes` more of a window; drops the windows idle longest for it. */
  take(bytes: number): boolean {
    while (this.#held + bytes > this.#budget.limit / 2 || !this.#budget.take(bytes)) {
      const [idle] = this.#parked
      if (idle === undefined) return false
      this.#parked.delete(idle)
      idle.drop()
    }
    this.#held += bytes
    return true
  }

  give(bytes: number): void {
    this.#held -= bytes
    this.#budget.give(bytes)
  }
}
