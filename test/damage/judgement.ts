// Compares what framewalk says of a damaged capture with what was sent: nothing is invented, nothing sure is left out, all that
// is missing is named, and no peer is blamed for what the capture lost.
import type { FindingRecord } from '../../src/records/records.ts'
import type { Captured } from '../support/drivers/captured.ts'
import { type DamagedPacket, type RecordedSegment, segmentsOf } from './damage.ts'
import { Byte, Coverage, type SentConnection } from './sent-streams.ts'
import { judgeSide } from './side-judgement.ts'
import type { DamageTally } from './tally.ts'

/** A good capture: what was sent, and what framewalk says of it. */
export interface GoodCapture {
  readonly sent: readonly SentConnection[]
  readonly captured: Captured
}

/** What is wrong with `captured`, framewalk's account of the damaged `packets`: one sentence a fault, none if all is well. */
export function judgeDamaged(
  good: GoodCapture,
  packets: readonly DamagedPacket[],
  captured: Captured,
  tally: DamageTally,
): readonly string[] {
  return new Judgement(good, packets, captured, tally).faults
}

class Judgement {
  readonly faults: string[] = []
  readonly #good: Captured
  readonly #captured: Captured
  readonly #packets: readonly DamagedPacket[]
  readonly #segments: readonly (RecordedSegment | undefined)[]
  readonly #tally: DamageTally
  /** Whether the packets are in the order in which they were recorded. */
  readonly #isInOrder: boolean

  constructor(good: GoodCapture, packets: readonly DamagedPacket[], captured: Captured, tally: DamageTally) {
    this.#good = good.captured
    this.#captured = captured
    this.#packets = packets
    this.#segments = segmentsOf(packets)
    this.#tally = tally
    this.#isInOrder = packets.every(({ origin }, index) => index === 0 || origin > packets[index - 1]!.origin)
    tally.captures++
    tally.connections += good.sent.length
    this.#judgeConnections(good.sent)
  }

  #judgeConnections(sent: readonly SentConnection[]): void {
    const unmatched = new Map(sent.map((each) => [`${each.client}>${each.server}`, each]))
    for (const { connection, client, server, midstream, deflate } of this.#captured.connections) {
      const name = `${client.address}:${client.port}>${server.address}:${server.port}`
      const truth = unmatched.get(name)
      if (truth === undefined) {
        this.faults.push(`connection ${connection} (${name}) was never there`)
        continue
      }
      unmatched.delete(name)
      this.#tally.connectionsFound++
      this.#judgeConnection(truth, connection, midstream, deflate !== null)
    }
    for (const [name, truth] of unmatched) {
      const sides = this.#sidesOf(truth)
      const isDoubtful = sides.some((side) => side.isDoubtful)
      if (!isDoubtful && sides.every(hasHandshake))
        this.faults.push(`connection ${name} was not found, though its handshake was captured`)
    }
  }

  #judgeConnection(
    truth: SentConnection,
    connection: number,
    isMidstream: boolean,
    knowsDeflate: boolean,
  ): void {
    const sides = this.#sidesOf(truth)
    // A head with a flipped bit may be read as anything.
    if (this.#isPuzzle(sides) || sides.some(({ derailed }) => derailed < 0)) return
    const isWhole = sides.every(hasHandshake)
    const places = new Map<number, string>()
    for (const coverage of sides) {
      const { from } = coverage.stream
      const offsets = judgeSide({
        coverage,
        frames: this.#captured.framesOf(connection, from),
        messages: this.#captured.messagesOf(connection, from),
        segments: this.#segments,
        hasHandshake: isWhole,
        isMidstream,
        knowsDeflate,
        fault: (sentence) => this.faults.push(`connection ${connection} ${from}: ${sentence}`),
        tally: this.#tally,
      })
      for (const [frame, offset] of offsets) places.set(frame, `${from}@${offset}`)
      if (isWhole && coverage.derailed === Infinity) this.#judgeGaps(coverage, connection)
    }
    if (sides.some((side) => side.isDoubtful)) return
    this.#judgeVerdicts(truth, connection, places)
    this.#judgeClosing(truth, connection)
  }

  /** Several requests and responses are out of order, and some of them are missing: no reader can say which belong together. */
  #isPuzzle(sides: readonly Coverage[]): boolean {
    const hasSeveral = sides.some(({ stream }) => stream.head > stream.origin)
    return hasSeveral && !this.#isInOrder && sides.some((side) => !side.holds(side.stream.origin, 0))
  }

  /** What is missing is named, byte for byte, and nothing else. */
  #judgeGaps(coverage: Coverage, connection: number): void {
    const { from, length } = coverage.stream
    const named = new Uint8Array(length + 1)
    for (const { code, message, from: side } of this.#captured.findingsOf(connection)) {
      if (side !== from || (code !== 'gap' && code !== 'truncated-packet')) continue
      const [, size, start] = /(\d+) bytes? .*from byte (\d+) of its stream on/.exec(message)!.map(Number)
      named.fill(1, start!, start! + size!)
    }
    // If only an acknowledgment tells of one byte more, that byte may be the FIN's.
    const { knownEnd, acknowledged } = coverage
    const end = Math.min(acknowledged > knownEnd + 1 ? acknowledged : knownEnd, length)
    for (let at = 0; at < length; at++) {
      const byte = coverage.at(at)
      const isMissing = byte === Byte.missing && at < end
      if (isMissing) this.#tally.missing++
      if (named[at] === 1) this.#tally.named++
      const isWrong = named[at] === 1 ? byte === Byte.captured || byte === Byte.doubtful : isMissing
      if (!isWrong) continue
      const what = isMissing ? 'is missing and not named' : 'was captured and is named missing'
      this.faults.push(`connection ${connection} ${from}: byte ${at} ${what}`)
      return
    }
  }

  /** A peer is blamed only for what it did, in the frame in which it did it. */
  #judgeVerdicts(truth: SentConnection, connection: number, places: ReadonlyMap<number, string>): void {
    const goodPlaces = new Map(
      this.#good.frames
        .filter((frame) => frame.connection === truth.number)
        .map(({ frame, from, offset }) => [frame, `${from}@${offset}`]),
    )
    const isVerdict = ({ severity }: FindingRecord) => severity !== 'capture'
    const verdicts = this.#good.findingsOf(truth.number).filter(isVerdict)
    const deserved = new Set(verdicts.map((finding) => keyOf(finding, goodPlaces)))
    // The window, or the response that says whether there is one, may be lost: then the same fault has another name.
    const faulty = new Set(verdicts.map(({ frame }) => goodPlaces.get(frame ?? 0)))
    for (const finding of this.#captured.findingsOf(connection).filter(isVerdict)) {
      const key = keyOf(finding, places)
      if (deserved.has(key) || (finding.frame !== undefined && faulty.has(places.get(finding.frame))))
        continue
      this.faults.push(`connection ${connection}: ${key} was not deserved: ${finding.message}`)
    }
  }

  /** A close frame that is reported was sent; if both are reported, they are right. */
  #judgeClosing(truth: SentConnection, connection: number): void {
    const told = this.#captured.closed.find((each) => each.connection === connection)
    const real = this.#good.closed.find((each) => each.connection === truth.number)
    if (told === undefined || real === undefined) {
      this.faults.push(`connection ${connection} has no closing`)
      return
    }
    const hasInvented =
      (told.how === 'clean' && real.how !== 'clean') ||
      (told.how === 'close-frame-only' && real.how !== 'clean' && real.how !== 'close-frame-only')
    const isOther =
      told.how === 'clean' &&
      this.#isInOrder &&
      (told.initiator !== real.initiator ||
        (told.code !== null && told.code !== real.code) ||
        !(real.reason ?? '').startsWith(told.reason ?? ''))
    if (hasInvented || isOther)
      this.faults.push(`connection ${connection} closed otherwise: ${JSON.stringify(told)}`)
  }

  #sidesOf({ streams }: SentConnection): readonly Coverage[] {
    return [streams.client, streams.server].map(
      (stream) => new Coverage(stream, this.#packets, this.#segments),
    )
  }
}

function hasHandshake(side: Coverage): boolean {
  return side.knownStart && side.holds(side.stream.head, 0)
}

/** If one FIN is missing, it is not known whose came first. */
function keyOf({ code, from, frame }: FindingRecord, places: ReadonlyMap<number, string>): string {
  return `${code} ${code === 'no-close-frame' ? '' : from} ${frame === undefined ? '' : places.get(frame)}`
}
