// All conversations of a capture: hands each stream item to its connection, one at a time, and pulls the frames that it
// completes.
import { makeFinding } from '../base/findings.ts'
import { GivenUp } from '../base/given-up.ts'
import { Queue } from '../base/queue.ts'
import type { Direction, StreamItem } from '../base/stream.ts'
import type { OpenReceiver } from '../tcp/receiver.ts'
import { Conversation, type ConversationContext } from './conversation.ts'
import { reportWithoutSecrets } from './tls.ts'
import { UseOrder } from './use-order.ts'

interface Pending {
  readonly conversation: Conversation
  readonly direction: Direction
  readonly item: StreamItem
}

/** Runs the conversations. Frames come out one at a time, so a slow reader of the events holds the decoder back. */
export class Scheduler {
  readonly #context: ConversationContext
  /** The conversation whose last item may still hold frames. */
  #active: Conversation | undefined
  readonly #pending = new Queue<Pending>()
  #count = 0
  /** Conversations that hold TLS back until there are secrets for it, and those that may have them now. */
  readonly #locked = new Set<Conversation>()
  #retrying: Conversation[] = []
  #keyLogVersion = 0
  /** Conversations that decode frames. */
  readonly #decoding = new UseOrder<Conversation>()
  /** How many WebSockets they decode. */
  #webSockets = 0
  /** WebSockets that were given up because there were too many. */
  readonly #givenUp = new GivenUp()

  constructor(context: Omit<ConversationContext, 'nextNumber' | 'queue' | 'waitForSecrets'>) {
    this.#context = {
      ...context,
      nextNumber: () => ++this.#count,
      queue: this.#queue,
      waitForSecrets: (conversation) => this.#locked.add(conversation),
    }
  }

  /** Opens the conversation of a TCP connection. */
  readonly open: OpenReceiver = (tcp) => new Conversation(this.#context, tcp)

  /** Decodes one more frame, or takes one more item; false once nothing is left of what was pushed. */
  next(): boolean {
    const active = this.#active
    if (active !== undefined) {
      if (active.next()) return true
      active.finish()
      this.#countDecoding(active)
      this.#active = undefined
    }
    return this.#retryOne() || this.#handleOne()
  }

  /**
   * No more secrets will come: what is held back for them is given up, or read as far as possible. `next` has to be called after
   * this.
   */
  endSecrets(): void {
    this.#context.tls.keyLog.mayGrow = false
    this.#retryLocked()
  }

  /** Lets one conversation go on whose secrets may be there now. */
  #retryOne(): boolean {
    if (this.#context.tls.keyLog.version !== this.#keyLogVersion) this.#retryLocked()
    if (this.#retrying.length === 0) return false
    const retried = this.#retrying.pop()!
    this.#active = retried
    retried.retry()
    return true
  }

  /** Takes one of the items that had to wait. */
  #handleOne(): boolean {
    const pending = this.#pending.shift()
    if (pending === undefined) return false
    this.#handle(pending.conversation, pending.direction, pending.item)
    return true
  }

  #retryLocked(): void {
    this.#keyLogVersion = this.#context.tls.keyLog.version
    this.#retrying = [...this.#locked].reverse()
    this.#locked.clear()
  }

  /** The capture is over, and `next` has returned false: reports what was given up. */
  end(): void {
    reportWithoutSecrets(this.#context.tls, this.#context.emit)
    if (this.#givenUp.count === 0) return
    const limit = this.#context.limits.webSockets
    const values = { what: 'webSockets', limit, givenUp: this.#givenUp.count } as const
    this.#context.emit(makeFinding('limit-reached', values, this.#givenUp.place, this.#givenUp.time))
  }

  readonly #queue = (conversation: Conversation, direction: Direction, item: StreamItem): void => {
    const { version } = this.#context.tls.keyLog
    const isIdle = this.#active === undefined && this.#pending.length === 0
    if (isIdle && version === this.#keyLogVersion && this.#retrying.length === 0) {
      this.#handle(conversation, direction, item)
    } else {
      this.#pending.push({ conversation, direction, item })
    }
  }

  #handle(conversation: Conversation, direction: Direction, item: StreamItem): void {
    this.#active = conversation
    conversation.handle(direction, item)
  }

  /**
   * Counts how many WebSockets a conversation decodes, once all that an item holds was decoded: HTTP/2 opens them as it is decoded,
   * and TLS whose secrets come late opens one without an item.
   */
  #countDecoding(conversation: Conversation): void {
    const { decoding, counted } = conversation
    if (decoding === counted && (decoding === 0 || conversation === this.#decoding.newest)) return
    this.#webSockets += decoding - counted
    conversation.counted = decoding
    if (decoding === 0) this.#decoding.remove(conversation)
    else this.#decoding.use(conversation)
    while (this.#webSockets > this.#context.limits.webSockets)
      this.#giveUp(this.#decoding.oldest!, conversation)
  }

  /** Gives a conversation up, because of the one that was active last. */
  #giveUp(conversation: Conversation, { lastPacket, lastTime }: Conversation): void {
    this.#decoding.remove(conversation)
    for (let i = 0; i < conversation.counted; i++) this.#givenUp.add(lastPacket, lastTime)
    this.#webSockets -= conversation.counted
    conversation.counted = 0
    conversation.giveUp()
  }
}
