// All TCP connections of a capture. In: segments, in the order of the capture. Out: the items of both directions of each
// connection. A receiver is opened for each connection that carries bytes.
import type { Endpoint } from '../base/events.ts'
import { makeFinding, type Report } from '../base/findings.ts'
import { GivenUp } from '../base/given-up.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Stage } from '../base/stage.ts'
import type { Time } from '../base/stream.ts'
import { formatAddress } from '../network/addresses.ts'
import { type Segment, TcpFlag } from '../network/segment.ts'
import { Connection, type ConnectionContext } from './connection.ts'
import { ConnectionTable, NONE, Rank } from './connection-table.ts'
import type { EndedConnection } from './port-reuse.ts'
import type { OpenReceiver, StreamReceiver } from './receiver.ts'
import { RecentBytes } from './recent-bytes.ts'

/** How many other connections are looked at for each new one. */
const LOOKS = 2

/** Finds the connection of each segment; opens and closes connections. */
export class Connections implements Stage<Segment>, ConnectionContext {
  /** TCP connections seen. */
  count = 0
  readonly limits: Limits
  /** For what waits after holes: half of the whole budget. */
  readonly budget: Budget
  readonly recent = new RecentBytes()
  readonly #report: Report
  readonly #open: OpenReceiver
  readonly #table = new ConnectionTable()
  /** By slot in the table. */
  readonly #connections: (Connection | EndedConnection | undefined)[] = []
  /** The slot looked at last. */
  #lookedAt = 0
  /** At the end of the capture: the connections of all slots before this one were ended. */
  #slotsEnded = 0
  /** Connections that were given up because there were too many. */
  readonly #givenUp = new GivenUp()

  constructor(limits: Limits, budget: Budget, report: Report, open: OpenReceiver) {
    this.limits = limits
    this.budget = budget.share(budget.limit / 2)
    this.#report = report
    this.#open = open
  }

  push(segment: Segment): void {
    const table = this.#table
    const slot = table.find(segment)
    let connection: Connection | EndedConnection =
      slot === NONE ? this.#add(segment) : this.#connections[slot]!
    let direction: 0 | 1 = table.sourceIsHigher === connection.openerIsHigher ? 0 : 1
    if (connection.isOther(segment, direction)) {
      if (!connection.hasEnded) connection.finish('capture')
      this.#remove(slot)
      connection = this.#add(segment)
      direction = table.sourceIsHigher === connection.openerIsHigher ? 0 : 1
    }
    if (connection.hasEnded) return
    connection.push(segment, direction)
    if (connection.hasEnded) this.#end(connection)
  }

  /**
   * The capture is over: ends one more connection. False if none is left. Called before `end`, it lets the reader of the streams
   * take what waits of one connection before the next one ends.
   */
  endOne(): boolean {
    const [start, end] = this.#table.slots
    for (let slot = Math.max(start, this.#slotsEnded); slot < end; slot++) {
      const connection = this.#connections[slot]
      if (connection === undefined) continue
      this.#connections[slot] = undefined
      this.#slotsEnded = slot + 1
      if (connection.hasEnded) continue
      connection.finish('capture')
      return true
    }
    return false
  }

  end(): void {
    while (this.endOne());
    if (this.#givenUp.count > 0) this.#reportGivenUp()
  }

  /** Opens the receiver of a connection. */
  open(connection: Connection): StreamReceiver {
    const { slot, openerIsHigher, sawSyn, firstPacket, firstTime } = connection
    this.#table.rank(slot, Rank.speaking)
    const family = this.#table.family(slot)
    const addresses = this.#table.addresses(slot)
    const [lowerPort, higherPort] = this.#table.ports(slot)
    const lower: Endpoint = { address: formatAddress(family, addresses, 0), port: lowerPort }
    const higher: Endpoint = { address: formatAddress(family, addresses, 4), port: higherPort }
    const endpoints = openerIsHigher ? ([higher, lower] as const) : ([lower, higher] as const)
    return this.#open({ endpoints, sawSyn, firstPacket, time: firstTime })
  }

  /** Reports that too much waited after a hole. A connection calls it once. */
  waitingLimitReached(packet: number, time: Time | undefined): void {
    const { waitingPerStream, waitingTotal } = this.limits
    const values = { what: 'waitingPerStream', limit: waitingPerStream, total: waitingTotal } as const
    this.#report(makeFinding('limit-reached', values, { firstPacket: packet, lastPacket: packet }, time))
  }

  #add(segment: Segment): Connection {
    const table = this.#table
    for (let look = 0; look < LOOKS; look++) this.#lookAround()
    if (table.size >= this.limits.connections) this.#giveUp(table.idlest, segment)
    const slot = table.add(segment)
    // A SYN-ACK is an answer: the side that it is sent to opened the connection.
    const isAnswer = (segment.flags & (TcpFlag.syn | TcpFlag.ack)) === (TcpFlag.syn | TcpFlag.ack)
    const connection = new Connection(this, slot, table.sourceIsHigher !== isAnswer, segment)
    this.#connections[slot] = connection
    this.count++
    return connection
  }

  /**
   * Drops the next connection if its receiver wants nothing more. Waiting for its next packet is not enough: it may never come.
   */
  #lookAround(): void {
    const [start, end] = this.#table.slots
    this.#lookedAt = this.#lookedAt + 1 < end ? this.#lookedAt + 1 : start
    const connection = this.#connections[this.#lookedAt]
    if (connection !== undefined && !connection.hasEnded && connection.letGoIfDone()) this.#end(connection)
  }

  #end(connection: Connection): void {
    this.#connections[connection.slot] = connection.remains()
    this.#table.rank(connection.slot, Rank.ended)
  }

  #giveUp(slot: number, { packet, time }: Segment): void {
    const connection = this.#connections[slot]!
    if (!connection.hasEnded) {
      connection.finish('limit')
      this.#givenUp.add(packet, time)
    }
    this.#remove(slot)
  }

  #remove(slot: number): void {
    this.#connections[slot] = undefined
    this.#table.remove(slot)
  }

  #reportGivenUp(): void {
    const limit = this.limits.connections
    const values = { what: 'connections', limit, givenUp: this.#givenUp.count } as const
    this.#report(makeFinding('limit-reached', values, this.#givenUp.place, this.#givenUp.time))
  }
}
