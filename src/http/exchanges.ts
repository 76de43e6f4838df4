// One TCP connection's HTTP from its first byte up to a 101 to WebSocket (RFC 6455 §4). In: the stream items of both directions.
// Out: the upgrade, and every item that was not consumed as HTTP. Requests and responses are paired in order (RFC 9112 §9.3.2).
import type { Head } from '../base/events.ts'
import { makeFinding, type Report } from '../base/findings.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Direction, StreamItem } from '../base/stream.ts'
import type { AcceptFor } from './accept.ts'
import { bodyLength } from './bodies.ts'
import { type Happening, Lane } from './direction.ts'
import { framesFrom } from './frame-evidence.ts'
import { headOf, type Message } from './head-reader.ts'
import type { HeldItem } from './held-items.ts'
import { answersLater, requestIsMissing, weighLostResponse } from './lost-heads.ts'
import { Expect } from './openings.ts'
import { RequestQueue } from './pending-requests.ts'
import type { ProxiedEndpoints } from './proxy-protocol.ts'
import { type AwaitedRequest, refusal, switchedProtocol } from './requests.ts'

/** An upgrade to WebSocket. A head that was not captured is null; at least one is there. */
export interface Upgrade {
  readonly clientDirection: Direction
  readonly request: Head | null
  readonly response: Head | null
  /** True where a gap swallowed the end of the request: headers may be missing. */
  readonly requestCut: boolean
  readonly responseCut: boolean
  /** What a PROXY protocol preface says of the endpoints. */
  readonly proxyProtocol: ProxiedEndpoints | undefined
}

export interface HttpOptions {
  /** True where the streams are known from their first byte. */
  readonly sawSyn: boolean
  readonly limits: Limits
  readonly budget: Budget
  readonly report: Report
  readonly acceptFor: AcceptFor
  /** What a PROXY protocol preface said that was read before. */
  readonly proxyProtocol?: ProxiedEndpoints | undefined
}

const SWITCHING_PROTOCOLS = 101

export class HttpExchanges {
  /** `undecided`: no head so far, or both directions lost. `upgraded` and `not-http` are final: nothing more is taken. */
  state: 'undecided' | 'http' | 'upgraded' | 'not-http' = 'undecided'
  /** What a PROXY protocol preface says of the endpoints. */
  proxyProtocol: ProxiedEndpoints | undefined
  /** Once `upgraded`. */
  upgrade: Upgrade | undefined
  /** What the connection speaks, where it is for certain something else than WebSocket: `h2c`, `HTTP/2`, `TLS`, `CONNECT tunnel`. Of HTTP/2, who sends the preface. */
  otherProtocol: string | undefined
  http2Client: Direction | undefined
  readonly #options: HttpOptions
  #lanes: [Lane | undefined, Lane | undefined] = [undefined, undefined]
  #client: Direction | undefined
  readonly #requests: RequestQueue
  /** The request behind which the client waits. */
  #awaited: AwaitedRequest | undefined
  /** A response that came before its request. */
  #early: Message | undefined
  #inTunnel = false
  #charged = 0
  #arrivals = 0
  /** No requests are captured in front of the responses: none is waited for. */
  #requestsMissing = false
  /** False where bytes that are no head are known to be no frames either. */
  #mayBeFrames = true

  constructor(options: HttpOptions) {
    this.#options = options
    this.proxyProtocol = options.proxyProtocol
    this.#requests = new RequestQueue(options.budget, options.acceptFor)
  }

  /** The items that were not consumed as HTTP, in the order of arrival; made anew at each reading. `upgraded`: what is behind the heads.
   * `undecided`, `not-http`: all so far; where that is more than 64 KiB in a direction, the oldest bytes are a gap of reason `limit`. */
  get held(): readonly HeldItem[] {
    const [first, second] = this.#lanes
    if (first === undefined || second === undefined) return (first ?? second)?.held.items ?? []
    return [...first.held.items, ...second.held.items].sort((a, b) => a.arrival - b.arrival)
  }

  /** True while what came may yet turn out to be a head: too early to take the bytes for anything else. */
  get readingHead(): boolean {
    return this.#lanes.some((lane) => lane?.inHead)
  }

  /** True where the beginning of both directions was lost: what they speak was not captured. */
  get lostItsStart(): boolean {
    return this.#lanes.every((lane) => lane?.fresh && lane.gapped)
  }

  /** Takes the next item of a direction. Copies what it keeps; never throws. */
  push(direction: Direction, item: StreamItem): void {
    if (this.#decided) return
    this.#read(this.#lane(direction), item, this.#arrivals++, false)
    this.#settle()
  }

  /** Gives what is held back to the budget. Called once the items were taken over or the connection was dropped. */
  release(): void {
    for (const lane of this.#lanes) lane?.release()
    this.#requests.clear()
    this.#options.budget.give(this.#charged)
    this.#charged = 0
  }

  /** What is held is no WebSocket: lets go of it, and holds no more until a head was seen. Heads are still looked for. */
  dropHeld(): void {
    if (!this.#mayBeFrames) return
    this.#mayBeFrames = false
    for (const lane of this.#lanes) lane?.held.dropBefore(Number.POSITIVE_INFINITY)
  }

  get #decided(): boolean {
    return this.state === 'upgraded' || this.state === 'not-http'
  }

  #lane(direction: Direction): Lane {
    const { sawSyn, limits, budget } = this.#options
    this.#lanes[direction] ??= new Lane(direction, sawSyn || this.#inTunnel, limits, budget)
    return this.#lanes[direction]
  }

  #read(lane: Lane, item: StreamItem, arrival: number, owned: boolean): void {
    lane.take(item, arrival, owned)
    while (!this.#decided) {
      const happening = lane.next(this.#expected(lane), this.#retains(lane))
      if (happening === undefined) return
      this.#handle(lane, happening)
    }
    if (this.otherProtocol === undefined) lane.holdRest()
  }

  /** What may begin in a direction, by what is known of its role; bits of `Expect`. */
  #expected(lane: Lane): number {
    const isClient = this.#client === undefined || this.#client === lane.direction
    const isServer = this.#client !== lane.direction
    const roles = (isClient ? Expect.request : 0) | (isServer ? Expect.response : 0)
    if (!lane.fresh) return roles
    const isProxied = isClient && !this.#inTunnel && this.proxyProtocol === undefined
    return roles | (isProxied ? Expect.proxy : 0) | (this.state === 'undecided' ? Expect.tls : 0)
  }

  /** Whether bytes that are no message may turn out to be WebSocket's. */
  #retains(lane: Lane): boolean {
    if (this.state === 'undecided') return this.#mayBeFrames
    return lane.place === 'search' && (lane.direction === this.#client || this.#awaited !== undefined)
  }

  #handle(lane: Lane, happening: Happening): void {
    switch (happening.kind) {
      case 'head':
        this.#client ??= happening.message.kind === 'request' ? lane.direction : opposite(lane.direction)
        this.state = 'http'
        this.#mayBeFrames = true
        if (happening.message.kind === 'request') this.#handleRequest(lane, happening.message)
        else this.#handleResponse(lane, happening.message)
        return
      case 'proxy':
        this.#client = lane.direction
        this.proxyProtocol = happening.preface.endpoints
        return
      case 'http2':
      case 'http2-server':
      case 'tls':
        this.http2Client = happening.kind === 'http2-server' ? opposite(lane.direction) : lane.direction
        this.#becomeOther(happening.kind === 'tls' ? 'TLS' : 'HTTP/2', lane)
        return
      case 'too-long':
        this.#giveUp(
          lane,
          `An HTTP head is longer than the limit of ${this.#options.limits.headSize} bytes, or has as many lines as that (limit headSize).`,
        )
        return
      case 'none':
        if (lane.fresh && this.state === 'undecided')
          this.#becomeOther(this.#inTunnel ? 'CONNECT tunnel' : undefined)
        else lane.search()
        return
      case 'lost':
        this.#handleLoss(lane)
    }
  }

  #handleRequest(lane: Lane, message: Message): void {
    if (this.#requests.wasAnswered(message)) {
      lane.goOn(message.cut ? 'unknown' : bodyLength(message, false))
      return
    }
    const request = this.#requests.add(message)
    if (request === undefined) {
      this.#giveUp(
        lane,
        'No room is left to hold an HTTP request until its response comes (limit waitingTotal).',
      )
      return
    }
    this.#requestsMissing = false
    const waits = request.namesWebSocket || request.isConnect
    if (waits) this.#awaited = request
    if (!message.cut) lane.goOn(bodyLength(message, false), waits)
    else if (waits) lane.wait()
    else lane.search()
  }

  #handleResponse(lane: Lane, message: Message): void {
    const isInterim = message.status! < 200 && message.status !== SWITCHING_PROTOCOLS
    if (isInterim) lane.goOn('none')
    else if (this.#mustWait(message) && this.#options.budget.take(message.cost)) {
      this.#charged += message.cost
      this.#early = message
      lane.wait()
    } else this.#answer(lane, message)
  }

  /**
   * Whether the request of a response may yet come. Captures of several network queues hold packets out of order, and what waits behind a
   * hole comes late: a response may stand before its request.
   */
  #mustWait(message: Message): boolean {
    const requests = this.#requests
    if (this.#awaited !== undefined && answersLater(message, requests, this.#clientLane))
      this.#loseResponse(this.#awaited)
    if (message.status === SWITCHING_PROTOCOLS) return !requests.holdsRequestOf(message)
    if (!requests.isEmpty || message.cut) return false
    return !this.#requestsMissing && !(this.#clientLane?.missing ?? !this.#options.sawSyn)
  }

  #answer(lane: Lane, response: Message): void {
    if (response.status === SWITCHING_PROTOCOLS) {
      this.#switchProtocol(lane, response)
      return
    }
    const request = this.#requests.answeredBy(response)
    if (request?.asksForWebSocket) this.#options.report(refusal(request.message!, response))
    if (request?.isConnect && response.status! < 300) {
      this.#openTunnel(lane)
      return
    }
    if (request !== undefined && request === this.#awaited) this.#stopWaiting()
    lane.goOn(response.cut ? 'unknown' : bodyLength(response, request?.isHead ?? false))
  }

  #switchProtocol(lane: Lane, response: Message): void {
    const request = this.#requests.upgrade
    const protocol = switchedProtocol(response, request)
    const isOther = this.#clientLane?.held.hasGap && !this.#requests.hasUpgradeFor(response)
    if (protocol === 'websocket') this.#become(isOther ? undefined : request?.message, response)
    else if (protocol !== undefined || !response.cut) this.#becomeOther(protocol ?? 'an unnamed protocol')
    else lane.goOn('unknown')
  }

  /** RFC 9110 §9.3.6: behind the heads, a new conversation begins in both directions. */
  #openTunnel(lane: Lane): void {
    this.#requests.clear()
    this.#awaited = undefined
    this.#inTunnel = true
    this.state = 'undecided'
    lane.restart()
    this.#clientLane?.restart()
  }

  #handleLoss(lane: Lane): void {
    if (lane !== this.#clientLane) this.#requests.loseResponses()
    if (this.#lanes.every((each) => each === undefined || each.place === 'search')) this.state = 'undecided'
  }

  /** Reads what waited, until no direction can go on. */
  #settle(): void {
    for (;;) {
      if (!this.#decided) this.#weigh()
      const lane = this.#decided ? undefined : this.#lanes.find((each) => each?.resumed)
      if (lane === undefined) return
      lane.resumed = false
      for (const { item, arrival } of lane.held.takeAll()) this.#read(lane, item, arrival, true)
    }
  }

  /** Whether a direction has waited long enough for the other. */
  #weigh(): void {
    const early = this.#early
    if (early !== undefined) {
      if (this.#mustWait(early) && !requestIsMissing(early, this.#clientLane, this.#serverLane!)) return
      this.#requestsMissing = this.#requests.isEmpty
      this.#early = undefined
      this.#options.budget.give(early.cost)
      this.#charged -= early.cost
      this.#answer(this.#serverLane!, early)
      return
    }
    const request = this.#awaited
    if (request === undefined || this.#clientLane?.place !== 'waiting') return
    const verdict = weighLostResponse(request, this.#clientLane, this.#serverLane)
    if (verdict === 'upgraded') this.#become(request.message, undefined)
    else if (verdict === 'otherwise') this.#loseResponse(request)
  }

  /** The response to a request for which the client waited was lost, and was no 101. */
  #loseResponse(request: AwaitedRequest): void {
    this.#requests.remove(request)
    this.#stopWaiting()
  }

  #stopWaiting(): void {
    this.#awaited = undefined
    this.#clientLane?.stopWaiting()
  }

  #become(request: Message | undefined, response: Message | undefined): void {
    this.state = 'upgraded'
    const client = this.#clientLane?.place === 'waiting' ? undefined : this.#clientLane?.held
    client?.dropBefore(framesFrom(client.items, response?.firstPacket ?? 0))
    if (response === undefined) this.#serverLane?.held.dropBefore(request?.firstPacket ?? 0)
    this.upgrade = {
      clientDirection: this.#client!,
      request: request === undefined ? null : headOf(request),
      response: response === undefined ? null : headOf(response),
      requestCut: request?.cut ?? false,
      responseCut: response?.cut ?? false,
      proxyProtocol: this.proxyProtocol,
    }
  }

  /** `reading`: the direction of which what is held are frames or records of that protocol, kept for whoever reads them. */
  #becomeOther(protocol: string | undefined, reading?: Lane): void {
    this.state = 'not-http'
    this.otherProtocol = protocol
    if (reading !== undefined) reading.holdRest()
    else if (protocol !== undefined) this.release()
  }

  #giveUp(lane: Lane, reason: string): void {
    const place = { firstPacket: lane.packet, lastPacket: lane.packet }
    this.#options.report(makeFinding('limit-reached', reason, place, lane.time))
    this.#becomeOther(undefined)
  }

  get #clientLane(): Lane | undefined {
    return this.#client === undefined ? undefined : this.#lanes[this.#client]
  }

  get #serverLane(): Lane | undefined {
    return this.#client === undefined ? undefined : this.#lanes[opposite(this.#client)]
  }
}

function opposite(direction: Direction): Direction {
  return direction === 0 ? 1 : 0
}
