// The requests of one connection that wait for their responses, in order (RFC 9112 §9.3.2). In: requests and responses. Out:
// which request a response answers, even if other responses were lost. Pays for what it remembers from the budget.
import type { Budget } from '../base/limits.ts'
import type { AcceptFor } from './accept.ts'
import type { Message } from './head-reader.ts'
import { type AwaitedRequest, acceptFits, awaitedRequest, switchedProtocol } from './requests.ts'

/** Unanswered requests remembered at most. If a client sends more, the oldest are forgotten. */
const MOST_REQUESTS = 256

/** The unanswered requests, oldest first. */
export class PendingRequests {
  readonly #budget: Budget
  readonly #acceptFor: AcceptFor
  #requests: AwaitedRequest[] = []
  #responsesLost = false
  /** The first packet of the last response that was read before the request that it answers; 0 without one. */
  #answeredBefore = 0

  constructor(budget: Budget, acceptFor: AcceptFor) {
    this.#budget = budget
    this.#acceptFor = acceptFor
  }

  get isEmpty(): boolean {
    return this.#requests.length === 0
  }

  /** The first request that may be for WebSocket. */
  get upgrade(): AwaitedRequest | undefined {
    return this.#requests.find(({ message }) => message !== undefined)
  }

  /** Remembers a request; undefined if the budget has no room. */
  add(message: Message): AwaitedRequest | undefined {
    const request = awaitedRequest(message)
    if (!this.#budget.take(request.cost)) return undefined
    if (this.#requests.length === MOST_REQUESTS) this.remove(this.#requests[0])
    this.#requests.push(request)
    return request
  }

  /** Responses may have been lost; how many is not known. */
  loseResponses(): void {
    this.#responsesLost = true
  }

  /**
   * Takes out the request that a response answers; undefined if that one is not here. After lost responses, packet numbers
   * decide: a response answers the latest request before it. That is right for clients that send a request only after the last
   * one was answered, as most do.
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

  /**
   * Whether the request that a 101 answers is here. If it switches to another protocol than WebSocket: whether any request is.
   */
  holdsRequestOf(response: Message): boolean {
    const isOther = (switchedProtocol(response, this.upgrade) ?? 'websocket') !== 'websocket'
    return isOther ? !this.isEmpty : this.hasUpgradeFor(response)
  }

  /** Whether responses may have been lost before the next one. */
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
