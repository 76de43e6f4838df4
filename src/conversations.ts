// All conversations of a capture: hands each stream item to its connection, one at a time, and pulls the frames that it completes.
import { Conversation, type ConversationContext } from './conversation.ts'
import type { Direction, StreamItem } from './stream.ts'
import type { OpenReceiver } from './tcp/receiver.ts'

interface Pending {
  readonly conversation: Conversation
  readonly direction: Direction
  readonly item: StreamItem
}

/** What is read by these conversations comes out frame by frame, so that whoever reads the events holds the decoder back. */
export class Conversations {
  readonly #context: ConversationContext
  /** The conversation whose last item may still hold frames. */
  #active: Conversation | undefined
  #pending: Pending[] = []
  #handled = 0
  #count = 0

  constructor(context: Omit<ConversationContext, 'nextNumber' | 'queue'>) {
    this.#context = { ...context, nextNumber: () => ++this.#count, queue: this.#queue }
  }

  /** Opens the conversation of a TCP connection. */
  readonly open: OpenReceiver = (tcp) => new Conversation(this.#context, tcp)

  /** Decodes one more frame, or takes one more item; false where nothing is left of what was pushed. */
  next(): boolean {
    if (this.#active !== undefined) {
      if (this.#active.next()) return true
      this.#active.finish()
      this.#active = undefined
    }
    const pending = this.#pending[this.#handled]
    if (pending === undefined) {
      if (this.#handled > 0) {
        this.#pending = []
        this.#handled = 0
      }
      return false
    }
    this.#handled++
    this.#active = pending.conversation
    pending.conversation.handle(pending.direction, pending.item)
    return true
  }

  readonly #queue = (conversation: Conversation, direction: Direction, item: StreamItem): void => {
    if (this.#active === undefined && this.#pending.length === 0) {
      this.#active = conversation
      conversation.handle(direction, item)
    } else {
      this.#pending.push({ conversation, direction, item })
    }
  }
}
