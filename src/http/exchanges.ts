// One TCP connection's HTTP from its first byte up to a 101 to WebSocket (RFC 6455 §4). In: the stream items of both directions.
// Out: the upgrade, and every item that was not consumed as HTTP. Requests and responses are paired in order (RFC 9112 §9.3.2);
// README.md says how.
import type { Head } from '../base/events.ts'
import type { LimitReached } from '../base/finding-values.ts'
import { makeFinding, type Report } from '../base/findings.ts'
import type { HeldItem } from '../base/held-items.ts'
import type { Budget, Limits } from '../base/limits.ts'
import { type Direction, opposite, type StreamItem } from '../base/stream.ts'
import type { AcceptFor } from './accept.ts'
import { bodyLength } from './bodies.ts'
import { HttpDirection, type HttpEvent } from './direction.ts'
import { framesFrom } from './frame-evidence.ts'
import { headOf, type Message } from './head-reader.ts'
import { answersLater, requestIsMissing, weighLostResponse } from './lost-heads.ts'
import { Expect } from './openings.ts'
import { PendingRequests } from './pending-requests.ts'
import type { ProxiedEndpoints } from './proxy-protocol.ts'
import { type AwaitedRequest, refusal, switchedProtocol } from './requests.ts'

/** An upgrade to WebSocket. A head that was not captured is null; at least one is there. */
export interface Upgrade {
  readonly clientDirection: Direction
  readonly request: Head | null
  readonly response: Head | null
  /** True if a gap swallowed the end of the request: headers may be missing. */
  readonly requestCut: boolean
  /** Likewise for the response. */
  readonly responseCut: boolean
  /** What a PROXY protocol preface says of the endpoints. */
  readonly proxyProtocol: ProxiedEndpoints | undefined
}

/** What is known of a connection, and what it draws on. */
export interface HttpOptions {
  /** True if the streams are known from their first byte. */
  readonly sawSyn: boolean
  readonly limits: Limits
  readonly budget: Budget
  readonly report: Report
  readonly acceptFor: AcceptFor
  /** What a PROXY protocol preface said that was read earlier, before TLS. */
  readonly proxyProtocol?: ProxiedEndpoints | undefined
}

const SWITCHING_PROTOCOLS = 101

/** Push the items of both directions; after each, look at `state`. */
export class HttpExchanges {
  /**
   * `undecided`: no head so far, or none since a tunnel opened or both directions lost their place. `upgraded` and `not-http` are
   * final: nothing more is taken.
   */
  state: 'undecided' | 'http' | 'upgraded' | 'not-http' = 'undecided'
  /** What a PROXY protocol preface says of the endpoints. */
  proxyProtocol: ProxiedEndpoints | undefined
  /** Once `upgraded`. */
  upgrade: Upgrade | undefined
  /** What the connection speaks, if that is certainly not WebSocket: `h2c`, `HTTP/2`, `TLS`, `CONNECT tunnel`. */
  otherProtocol: string | undefined
  /** With HTTP/2: the direction that sends the preface. */
  http2Client: Direction | undefined
  readonly #options: HttpOptions
  #directions: [HttpDirection | undefined, HttpDirection | undefined] = [undefined, undefined]
  #client: Direction | undefined
  readonly #requests: PendingRequests
  /** The request for whose response the client waits. */
  #awaited: AwaitedRequest | undefined
  /** A response that came before its request. */
  #early: Message | undefined
  #inTunnel = false
  #charged = 0
  #arrivals = 0
  /** True once responses came without captured requests: the next responses wait for none. A request makes it false. */
  #requestsMissing = false
  /** False once bytes that are not a head are known not to be frames either. */
  #mayBeFrames = true

  constructor(options: HttpOptions) {
    this.#options = options
    this.proxyProtocol = options.proxyProtocol
    this.#requests = new PendingRequests(options.budget, options.acceptFor)
  }

  /**
   * The items that were not consumed as HTTP, in the order of arrival. `upgraded`: what follows the heads. `undecided`,
   * `not-http`: all so far; if a direction holds more than 128 KiB, the oldest bytes become a gap of reason `limit`, and 64 KiB
   * stay. If `otherProtocol` names something other than HTTP/2 or TLS, nothing is kept.
   */
  get held(): readonly HeldItem[] {
    const [first, second] = this.#directions
    if (first === undefined || second === undefined) return (first ?? second)?.held.items ?? []
    return [...first.held.items, ...second.held.items].sort((a, b) => a.arrival - b.arrival)
  }

  /** True while what came may still turn out to be a head: too early to take the bytes for anything else. */
  get readingHead(): boolean {
    return this.#directions.some((direction) => direction?.inHead)
  }

  /** True if gaps swallowed the beginning of both directions: what they speak was not captured. */
  get lostItsStart(): boolean {
    return this.#directions.every((direction) => direction?.fresh && direction.gapped)
  }

  /** Takes the next item of a direction. Copies what it keeps; never throws. */
  push(number: Direction, item: StreamItem): void {
    if (this.#decided) return
    this.#read(this.#direction(number), item, this.#arrivals++, false)
    this.#settle()
  }

  /** Gives back to the budget what it holds. Call it once the items were taken over or the connection was dropped. */
  release(): void {
    for (const direction of this.#directions) direction?.release()
    this.#requests.clear()
    this.#options.budget.give(this.#charged)
    this.#charged = 0
  }

  /** What is held is not WebSocket: forgets it, and holds nothing more until a head is seen. The search for heads goes on. */
  dropHeld(): void {
    if (!this.#mayBeFrames) return
    this.#mayBeFrames = false
    for (const direction of this.#directions) direction?.held.dropBefore(Number.POSITIVE_INFINITY)
  }

  get #decided(): boolean {
    return this.state === 'upgraded' || this.state === 'not-http'
  }

  #direction(number: Direction): HttpDirection {
    const { sawSyn, limits, budget } = this.#options
    this.#directions[number] ??= new HttpDirection(number, sawSyn || this.#inTunnel, limits, budget)
    return this.#directions[number]
  }

  #read(direction: HttpDirection, item: StreamItem, arrival: number, owned: boolean): void {
    direction.take(item, arrival, owned)
    while (!this.#decided) {
      const event = direction.next(this.#expected(direction), this.#retains(direction))
      if (event === undefined) return
      this.#handle(direction, event)
    }
    if (this.otherProtocol === undefined) direction.holdRest()
  }

  /** What may begin in a direction, by what is known of its role; bits of `Expect`. */
  #expected(direction: HttpDirection): number {
    const isClient = this.#client === undefined || this.#client === direction.number
    const isServer = this.#client !== direction.number
    const roles = (isClient ? Expect.request : 0) | (isServer ? Expect.response : 0)
    if (!direction.fresh) return roles
    const isProxied = isClient && !this.#inTunnel && this.proxyProtocol === undefined
    return roles | (isProxied ? Expect.proxy : 0) | (this.state === 'undecided' ? Expect.tls : 0)
  }

  /** Whether bytes that are not part of a message may turn out to be WebSocket frames, and have to be held. */
  #retains(direction: HttpDirection): boolean {
    if (this.state === 'undecided') return this.#mayBeFrames
    return direction.place === 'search' && (direction.number === this.#client || this.#awaited !== undefined)
  }

  #handle(direction: HttpDirection, event: HttpEvent): void {
    switch (event.kind) {
      case 'head':
        this.#client ??= event.message.kind === 'request' ? direction.number : opposite(direction.number)
        this.state = 'http'
        this.#mayBeFrames = true
        if (event.message.kind === 'request') this.#handleRequest(direction, event.message)
        else this.#handleResponse(direction, event.message)
        return
      case 'proxy':
        this.#client = direction.number
        this.proxyProtocol = event.preface.endpoints
        return
      case 'http2':
      case 'http2-server':
      case 'tls':
        this.http2Client = event.kind === 'http2-server' ? opposite(direction.number) : direction.number
        this.#becomeOther(event.kind === 'tls' ? 'TLS' : 'HTTP/2', direction)
        return
      case 'too-long':
        this.#giveUp(direction, { what: 'headSize', limit: this.#options.limits.headSize })
        return
      case 'none':
        if (direction.fresh && this.state === 'undecided')
          this.#becomeOther(this.#inTunnel ? 'CONNECT tunnel' : undefined)
        else direction.search()
        return
      case 'lost':
        this.#handleLoss(direction)
    }
  }

  #handleRequest(direction: HttpDirection, message: Message): void {
    if (this.#requests.wasAnswered(message)) {
      direction.goOn(message.cut ? 'unknown' : bodyLength(message, false))
      return
    }
    const request = this.#requests.add(message)
    if (request === undefined) {
      this.#giveUp(direction, { what: 'request' })
      return
    }
    this.#requestsMissing = false
    const waits = request.namesWebSocket || request.isConnect
    if (waits) this.#awaited = request
    if (!message.cut) direction.goOn(bodyLength(message, false), waits)
    else if (waits) direction.wait()
    else direction.search()
  }

  #handleResponse(direction: HttpDirection, message: Message): void {
    const isInterim = message.status! < 200 && message.status !== SWITCHING_PROTOCOLS
    if (isInterim) direction.goOn('none')
    else if (this.#mustWait(message) && this.#options.budget.take(message.cost)) {
      this.#charged += message.cost
      this.#early = message
      direction.wait()
    } else this.#answer(direction, message)
  }

  /**
   * Whether the request of a response may still come. Captures of several network queues hold packets out of order, and what
   * waits for a hole to be filled comes late: a response may come before its request. If it shows that the client waits in vain,
   * ends that wait first.
   */
  #mustWait(message: Message): boolean {
    const requests = this.#requests
    if (this.#awaited !== undefined && answersLater(message, requests, this.#clientDirection))
      this.#loseResponse(this.#awaited)
    if (message.status === SWITCHING_PROTOCOLS) return !requests.holdsRequestOf(message)
    if (!requests.isEmpty || message.cut) return false
    return !this.#requestsMissing && !(this.#clientDirection?.missing ?? !this.#options.sawSyn)
  }

  #answer(direction: HttpDirection, response: Message): void {
    if (response.status === SWITCHING_PROTOCOLS) {
      this.#switchProtocol(direction, response)
      return
    }
    const request = this.#requests.answeredBy(response)
    if (request?.asksForWebSocket) this.#options.report(refusal(request.message!, response))
    if (request?.isConnect && response.status! < 300) {
      this.#openTunnel(direction)
      return
    }
    if (request !== undefined && request === this.#awaited) this.#stopWaiting()
    direction.goOn(response.cut ? 'unknown' : bodyLength(response, request?.isHead ?? false))
  }

  #switchProtocol(direction: HttpDirection, response: Message): void {
    const request = this.#requests.upgrade
    const protocol = switchedProtocol(response, request)
    const isOther = this.#clientDirection?.held.hasGap && !this.#requests.hasUpgradeFor(response)
    if (protocol === 'websocket') this.#become(isOther ? undefined : request?.message, response)
    else if (protocol !== undefined || !response.cut) this.#becomeOther(protocol ?? 'an unnamed protocol')
    else direction.goOn('unknown')
  }

  /** RFC 9110 §9.3.6: after the heads, a new conversation begins in both directions. */
  #openTunnel(direction: HttpDirection): void {
    this.#requests.clear()
    this.#awaited = undefined
    this.#inTunnel = true
    this.state = 'undecided'
    direction.restart()
    this.#clientDirection?.restart()
  }

  #handleLoss(direction: HttpDirection): void {
    if (direction !== this.#clientDirection) this.#requests.loseResponses()
    if (this.#directions.every((each) => each === undefined || each.place === 'search'))
      this.state = 'undecided'
  }

  /** Reads what waited, until no direction can go on. */
  #settle(): void {
    for (;;) {
      if (!this.#decided) this.#weigh()
      const direction = this.#decided ? undefined : this.#directions.find((each) => each?.resumed)
      if (direction === undefined) return
      direction.resumed = false
      for (const { item, arrival } of direction.held.takeAll()) this.#read(direction, item, arrival, true)
    }
  }

  /** Goes on with a direction that has waited long enough for the other; README.md says when. */
  #weigh(): void {
    const early = this.#early
    if (early !== undefined) {
      if (this.#mustWait(early) && !requestIsMissing(early, this.#clientDirection, this.#serverDirection!))
        return
      this.#requestsMissing = this.#requests.isEmpty
      this.#early = undefined
      this.#options.budget.give(early.cost)
      this.#charged -= early.cost
      this.#answer(this.#serverDirection!, early)
      return
    }
    const request = this.#awaited
    if (request === undefined || this.#clientDirection?.place !== 'waiting') return
    const verdict = weighLostResponse(request, this.#clientDirection, this.#serverDirection)
    if (verdict === 'upgraded') this.#become(request.message, undefined)
    else if (verdict === 'otherwise') this.#loseResponse(request)
  }

  /** The response for which the client waited was lost, and did not upgrade the connection. */
  #loseResponse(request: AwaitedRequest): void {
    this.#requests.remove(request)
    this.#stopWaiting()
  }

  #stopWaiting(): void {
    this.#awaited = undefined
    this.#clientDirection?.stopWaiting()
  }

  #become(request: Message | undefined, response: Message | undefined): void {
    this.state = 'upgraded'
    const client = this.#clientDirection?.place === 'waiting' ? undefined : this.#clientDirection?.held
    client?.dropBefore(framesFrom(client.items, response?.firstPacket ?? 0))
    if (response === undefined) this.#serverDirection?.held.dropBefore(request?.firstPacket ?? 0)
    this.upgrade = {
      clientDirection: this.#client!,
      request: request === undefined ? null : headOf(request),
      response: response === undefined ? null : headOf(response),
      requestCut: request?.cut ?? false,
      responseCut: response?.cut ?? false,
      proxyProtocol: this.proxyProtocol,
    }
  }

  /** `reading`: the direction whose bytes are frames or records of that protocol. They are kept for the protocol's reader. */
  #becomeOther(protocol: string | undefined, reading?: HttpDirection): void {
    this.state = 'not-http'
    this.otherProtocol = protocol
    if (reading !== undefined) reading.holdRest()
    else if (protocol !== undefined) this.release()
  }

  #giveUp(direction: HttpDirection, limit: LimitReached): void {
    const place = { firstPacket: direction.packet, lastPacket: direction.packet }
    this.#options.report(makeFinding('limit-reached', limit, place, direction.time))
    this.#becomeOther(undefined)
  }

  get #clientDirection(): HttpDirection | undefined {
    return this.#client === undefined ? undefined : this.#directions[this.#client]
  }

  get #serverDirection(): HttpDirection | undefined {
    return this.#client === undefined ? undefined : this.#directions[opposite(this.#client)]
  }
}
