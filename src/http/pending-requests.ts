// The requests of one connection that wait for their responses, in order (RFC 9112 §9.3.2), and which of them a response answers, also
// where others were lost. Pays for what it remembers from the budget.
import type { Budget } from '../base/limits.ts'
import type { AcceptFor } from './accept.ts'
import type { Message } from './head-reader.ts'
import { type AwaitedRequest, acceptFits, awaitedRequest, switchedProtocol } from './requests.ts'

/** Requests without a response that are remembered; of more, which a client may send, the oldest are forgotten. */
const MOST_REQUESTS = 256

export class PendingRequests {
  readonly #budget: Budget
  readonly #acceptFor: AcceptFor
  #requests: AwaitedRequest[] = []
  #responsesLost = false
  /** Packet of the last response that came before the request that it answers. */
  #answeredBefore = 0

  constructor(budget: Budget, acceptFor: AcceptFor) {
    this.#budget = budget
    this.#acceptFor = acceptFor
  }

  get isEmpty(): boolean {
    return this.#requests.length === 0
  }

  /** The first that may be one for WebSocket. */
  get upgrade(): AwaitedRequest | undefined {
    return this.#requests.find(({ message }) => message !== undefined)
  }

  /** Remembers a request; undefined where the budget has no room. */
  add(message: Message): AwaitedRequest | undefined {
    const request = awaitedRequest(message)
    if (!this.#budget.take(request.cost)) return undefined
    if (this.#requests.length === MOST_REQUESTS) this.remove(this.#requests[0])
    this.#requests.push(request)
    return request
  }

  /** A gap swallowed responses, nobody knows how many. */
  loseResponses(): void {
    this.#responsesLost = true
  }

  /**
   * Takes out the request that a response answers; undefined where that one was lost. Behind lost responses packet numbers tell: it answers
   * the latest request before it, as long as the client sends none before the last one was answered, as most do.
   */
  answeredBy(response: Message): AwaitedRequest | undefined {
    if (this.#responsesLost) {
      while (this.#requests.length > 1 && this.#requests[1]!.packet < response.firstPacket) {
        this.remove(this.#requests[0])
      }
      if ((this.#requests[0]?.packet ?? 0) > response.firstPacket) return this.#noteAnswered(response)
      this.#responsesLost = false
    }
    const request = this.#requests[0]
    if (request === undefined) return this.#noteAnswered(response)
    this.remove(request)
    return request
  }

  /** Whether a request was answered by a response that was read before it. */
  wasAnswered(message: Message): boolean {
    return message.lastPacket < this.#answeredBefore
  }

  /** Whether the request that a 101 answers is here, as far as its accept tells. */
  hasUpgradeFor(response: Message): boolean {
    const { upgrade } = this
    return upgrade?.message !== undefined && acceptFits(upgrade.message, response, this.#acceptFor)
  }

  /** Whether the request that a 101 answers is here; of another protocol's, whether any is. */
  holdsRequestOf(response: Message): boolean {
    const isOther = (switchedProtocol(response, this.upgrade) ?? 'websocket') !== 'websocket'
    return isOther ? !this.isEmpty : this.hasUpgradeFor(response)
  }

  /** Whether responses were lost before the next one. */
  get hasLostResponses(): boolean {
    return this.#responsesLost
  }

  /** Forgets a request, if it is here. */
  remove(request: AwaitedRequest | undefined): void {
    const index = request === undefined ? -1 : this.#requests.indexOf(request)
    if (index < 0) return
    if (index === 0) this.#requests.shift()
    else this.#requests.splice(index, 1)
    this.#budget.give(request!.cost)
  }

  #noteAnswered(response: Message): undefined {
    this.#answeredBefore = response.firstPacket
  }

  /** Forgets all. */
  clear(): void {
    for (const { cost } of this.#requests) this.#budget.give(cost)
    this.#requests = []
  }
}
