// Holds what framewalk says of a damaged capture against what was sent: nothing invented, nothing sure left out, nothing missing unnamed.
import { TcpFlag } from '../../src/network/segment.ts'
import type { FindingRecord, FrameRecord, MessageRecord } from '../../src/records.ts'
import type { Side } from '../../src/stream.ts'
import { bytesOf, type Captured } from './captured.ts'
import { type DamagedPacket, type RecordedSegment, segmentsOf } from './damage.ts'
import { Byte, Coverage, type SentConnection, type SentFrame, type SentStream } from './sent-streams.ts'

/** What was counted. */
export interface DamageTally {
  captures: number
  /** Connections of the good captures, and those of them that were found. */
  connections: number
  connectionsFound: number
  /** Frames reported, and of them those that were never sent. */
  reported: number
  invented: number
  /** Whole frames that had to be found, where no header before them was hidden. */
  sure: number
  /** Whole frames behind the first segment start that starts one, behind a hole that hid a header; and those found. */
  behind: number
  behindFound: number
  /** The same where the capture holds no handshake. */
  midstream: number
  midstreamFound: number
  /** Messages whose frames were all found whole, compressed or not; those reported complete; and those without a window. */
  plain: number
  plainComplete: number
  compressed: number
  compressedComplete: number
  withoutContext: number
  /** Bytes lost that framewalk can know of, and those that it names. */
  missing: number
  named: number
}

export function emptyDamageTally(): DamageTally {
  return {
    captures: 0,
    connections: 0,
    connectionsFound: 0,
    reported: 0,
    invented: 0,
    sure: 0,
    behind: 0,
    behindFound: 0,
    midstream: 0,
    midstreamFound: 0,
    plain: 0,
    plainComplete: 0,
    compressed: 0,
    compressedComplete: 0,
    withoutContext: 0,
    missing: 0,
    named: 0,
  }
}

/** What is wrong with `captured`, framewalk's account of the damaged `packets`: one sentence a fault, none where all is well. */
export function judgeDamaged(
  sent: readonly SentConnection[],
  good: Captured,
  packets: readonly DamagedPacket[],
  captured: Captured,
  tally: DamageTally,
): string[] {
  return new Judgement(sent, good, packets, captured, tally).faults
}

class Judgement {
  readonly faults: string[] = []
  readonly #good: Captured
  readonly #packets: readonly DamagedPacket[]
  readonly #segments: readonly (RecordedSegment | undefined)[]
  readonly #captured: Captured
  readonly #tally: DamageTally

  constructor(
    sent: readonly SentConnection[],
    good: Captured,
    packets: readonly DamagedPacket[],
    captured: Captured,
    tally: DamageTally,
  ) {
    this.#good = good
    this.#packets = packets
    this.#segments = segmentsOf(packets)
    this.#captured = captured
    this.#tally = tally
    tally.captures++
    tally.connections += sent.length
    const unmatched = new Map(
      sent.map((connection) => [`${connection.client}>${connection.server}`, connection]),
    )
    for (const { connection, client, server, midstream, deflate } of captured.connections) {
      const name = `${client.address}:${client.port}>${server.address}:${server.port}`
      const truth = unmatched.get(name)
      if (truth === undefined) {
        this.#fault(`connection ${connection} (${name}) was never there`)
        continue
      }
      unmatched.delete(name)
      tally.connectionsFound++
      this.#judgeConnection(truth, connection, midstream, deflate !== null)
    }
    for (const [name, { streams }] of unmatched) {
      const [client, server] = [this.#coverage(streams.client), this.#coverage(streams.server)]
      if (
        client.knownStart &&
        server.knownStart &&
        [client, server].every((each) => each.holds(each.stream.head, 0))
      )
        this.#fault(`connection ${name} was not found, though its handshake was captured`)
    }
  }

  #judgeConnection(truth: SentConnection, connection: number, midstream: boolean, deflate: boolean): void {
    const coverages = [truth.streams.client, truth.streams.server].map((stream) => this.#coverage(stream))
    const isWhole = coverages.every((each) => each.knownStart && each.holds(each.stream.head, 0))
    const doubtful = coverages.some((each) => each.isDoubtful)
    const offsets = new Map<number, string>()
    for (const coverage of coverages) {
      const side = new SideJudgement(this, coverage, isWhole, midstream)
      side.judge(this.#captured, connection, this.#packets, this.#segments, this.#tally, offsets, deflate)
      if (isWhole && coverage.derailed === Infinity) this.#judgeGaps(coverage, connection)
    }
    if (doubtful) return
    this.#judgeVerdicts(truth, connection, offsets)
    this.#judgeClosing(truth, connection)
  }

  /** What is missing is named: its bytes add up. */
  #judgeGaps(coverage: Coverage, connection: number): void {
    const { from } = coverage.stream
    let named = 0
    for (const { code, message, from: side } of this.#captured.findingsOf(connection)) {
      if (side !== from || (code !== 'gap' && code !== 'truncated-packet')) continue
      named += Number(/(\d+) bytes?/.exec(message)?.[1])
    }
    // Of one byte more only an acknowledgment tells: it may be the FIN's.
    const { knownEnd, acknowledged } = coverage
    const end = Math.min(acknowledged > knownEnd + 1 ? acknowledged : knownEnd, coverage.stream.length)
    const missing = coverage.count(0, end, Byte.missing)
    const late = coverage.count(0, end, Byte.late)
    this.#tally.missing += missing
    this.#tally.named += named
    const surplus = acknowledged > coverage.stream.length ? 1 : 0
    if (named < missing || named > missing + late + surplus)
      this.#fault(
        `connection ${connection} ${from}: ${missing} (to ${missing + late}) bytes are missing, ${named} are named`,
      )
  }

  /** Damage is nobody's fault: no peer is blamed for what it did not do. */
  #judgeVerdicts(truth: SentConnection, connection: number, offsets: ReadonlyMap<number, string>): void {
    // Whose FIN came first is not known where that one is missing.
    const key = ({ code, from, frame }: FindingRecord, places: ReadonlyMap<number, string>) =>
      `${code} ${code === 'no-close-frame' ? '' : from} ${frame === undefined ? '' : places.get(frame)}`
    const isVerdict = ({ severity }: FindingRecord) => severity !== 'capture'
    const places = new Map(
      this.#good.frames
        .filter((frame) => frame.connection === truth.number)
        .map(({ frame, from, offset }) => [frame, `${from}@${offset}`]),
    )
    const deserved = new Set(
      this.#good
        .findingsOf(truth.number)
        .filter(isVerdict)
        .map((finding) => key(finding, places)),
    )
    for (const finding of this.#captured.findingsOf(connection).filter(isVerdict)) {
      if (!deserved.has(key(finding, offsets)))
        this.#fault(`connection ${connection}: ${key(finding, offsets)} was not deserved: ${finding.message}`)
    }
  }

  /** Whether the packets stand in the order in which they were recorded. */
  get #inOrder(): boolean {
    return this.#packets.every(
      ({ origin }, index) => index === 0 || origin > this.#packets[index - 1]!.origin,
    )
  }

  /** What a close frame said is said of the closing; who began it is right where both were captured. */
  #judgeClosing(truth: SentConnection, connection: number): void {
    const closed = this.#captured.closed.find((each) => each.connection === connection)
    const real = this.#good.closed.find((each) => each.connection === truth.number)
    if (closed === undefined || real === undefined) this.#fault(`connection ${connection} has no closing`)
    else if (
      closed.how === 'clean' &&
      (real.how !== 'clean' ||
        (this.#inOrder && closed.initiator !== real.initiator) ||
        (closed.code !== null && closed.code !== real.code) ||
        !(real.reason ?? '').startsWith(closed.reason ?? ''))
    )
      this.#fault(`connection ${connection} closed otherwise: ${JSON.stringify(closed)}`)
    else if (closed.how === 'close-frame-only' && real.how !== 'clean' && real.how !== 'close-frame-only')
      this.#fault(`connection ${connection}: a close frame that nobody sent`)
  }

  #coverage(stream: SentStream): Coverage {
    return new Coverage(stream, this.#packets, this.#segments)
  }

  #fault(sentence: string): void {
    this.faults.push(sentence)
  }

  fault(sentence: string): void {
    this.#fault(sentence)
  }
}

class SideJudgement {
  readonly #judgement: Judgement
  readonly #coverage: Coverage
  readonly #isWhole: boolean
  readonly #midstream: boolean
  #connection = 0

  constructor(judgement: Judgement, coverage: Coverage, isWhole: boolean, midstream: boolean) {
    this.#judgement = judgement
    this.#coverage = coverage
    this.#isWhole = isWhole
    this.#midstream = midstream
  }

  judge(
    captured: Captured,
    connection: number,
    packets: readonly DamagedPacket[],
    segments: readonly (RecordedSegment | undefined)[],
    tally: DamageTally,
    offsets: Map<number, string>,
    deflate: boolean,
  ): void {
    this.#connection = connection
    const { stream, derailed } = this.#coverage
    const { from } = stream
    const reported = captured.framesOf(connection, from)
    const shift = this.#isWhole ? 0 : this.#shift(reported, packets, segments)
    const sentAt = new Map(stream.frames.map((frame) => [frame.start, frame]))
    const found = new Map<SentFrame, FrameRecord<Uint8Array>>()
    const sentOf = new Map<number, SentFrame>()
    for (const frame of reported) {
      const start = frame.offset + shift
      offsets.set(frame.frame, `${from}@${start}`)
      tally.reported++
      if (start + frame.headerLength > derailed) continue
      const sent = sentAt.get(start)
      if (sent === undefined || !sameHeader(sent.record, frame)) {
        tally.invented++
        this.#fault(`frame ${frame.frame} at ${start} was never sent`)
        continue
      }
      found.set(sent, frame)
      sentOf.set(frame.frame, sent)
      this.#judgePayload(frame, sent)
    }
    this.#judgeFound(found, packets, segments, tally)
    const messages = captured.messagesOf(connection, from)
    this.#judgeMessages(messages, found, sentOf, tally, deflate, captured)
  }

  /** Where a handshake is missing, offsets count from the first byte seen: how far that lies behind the first byte sent. */
  #shift(
    reported: readonly FrameRecord<Uint8Array>[],
    packets: readonly DamagedPacket[],
    segments: readonly (RecordedSegment | undefined)[],
  ): number {
    const { stream } = this.#coverage
    const votes = new Map<number, number>()
    for (const frame of reported) {
      const segment = segments[frame.packet.first - 1]
      if (segment === undefined || packets[frame.packet.first - 1] === undefined) continue
      const start = (segment.sequence + ((segment.flags & TcpFlag.syn) !== 0 ? 1 : 0) - stream.base) | 0
      const end = start + segment.end - segment.start
      for (const sent of stream.frames) {
        if (sent.start < start || sent.start >= end || !sameHeader(sent.record, frame)) continue
        const shift = sent.start - frame.offset
        votes.set(shift, (votes.get(shift) ?? 0) + 1)
      }
    }
    let best = 0
    for (const [shift, count] of votes) if (count > (votes.get(best) ?? 0)) best = shift
    return best
  }

  #judgePayload(frame: FrameRecord<Uint8Array>, sent: SentFrame): void {
    const coverage = this.#coverage
    const { payload, holes = [], capturedLength } = frame
    const isHole = new Uint8Array(payload.length)
    for (const [start, end] of holes)
      isHole.fill(1, Math.min(start, payload.length), Math.min(end, payload.length))
    let captured = 0
    let late = 0
    const wanted = Number(sent.record.payloadLength)
    const reach = Math.min(wanted, coverage.stream.length - sent.payloadStart)
    for (let at = 0; at < reach; at++) {
      const byte = coverage.at(sent.payloadStart + at)
      if (byte === Byte.captured || byte === Byte.doubtful) captured++
      if (byte === Byte.late) late++
      if (at >= payload.length) continue
      const wrong =
        (byte === Byte.missing && isHole[at] === 0) ||
        (byte === Byte.captured && isHole[at] === 1) ||
        (byte === Byte.captured && payload[at] !== sent.record.payload[at]) ||
        (isHole[at] === 1 && payload[at] !== 0)
      if (wrong) {
        this.#fault(
          `frame ${frame.frame} at ${sent.start}: payload byte ${at} is not what was sent and captured`,
        )
        return
      }
    }
    if (capturedLength < captured || capturedLength > captured + late)
      this.#fault(
        `frame ${frame.frame} at ${sent.start}: ${captured} payload bytes were captured, it says ${capturedLength}`,
      )
  }

  /** Every whole frame is found unless a hidden header stands between it and the last sure one. */
  #judgeFound(
    found: ReadonlyMap<SentFrame, unknown>,
    packets: readonly DamagedPacket[],
    segments: readonly (RecordedSegment | undefined)[],
    tally: DamageTally,
  ): void {
    const coverage = this.#coverage
    const { stream, derailed } = coverage
    const starts = new Set<number>()
    segments.forEach((segment, index) => {
      if (segment?.flow === stream.flow && packets[index] !== undefined && segment.end > segment.start)
        starts.add((segment.sequence - stream.base) | 0)
    })
    let isSure = this.#isWhole
    let isBehind = false
    for (const frame of stream.frames) {
      if (frame.start >= derailed) return
      const isFound = found.has(frame)
      if (!coverage.holds(frame.start, frame.payloadStart)) {
        if (isFound) isSure = true
        else if (isSure) {
          isSure = false
          isBehind = false
        }
        continue
      }
      if (isSure) {
        tally.sure++
        if (!isFound) this.#fault(`the frame at ${frame.start} is captured and was not found`)
      } else {
        if (starts.has(frame.start)) isBehind = true
        const isWhole = coverage.holds(frame.start, frame.end)
        if (isBehind && isWhole && !coverage.isDoubtful) {
          if (this.#midstream) {
            tally.midstream++
            if (isFound) tally.midstreamFound++
          } else {
            tally.behind++
            if (isFound) tally.behindFound++
          }
        }
      }
      if (isFound) isSure = true
      // What comes behind a hole that reaches past the frame's end is hidden.
      if (frame.end < stream.length && coverage.at(frame.end) === Byte.missing) isBehind = false
    }
  }

  #judgeMessages(
    messages: readonly MessageRecord<Uint8Array>[],
    found: ReadonlyMap<SentFrame, FrameRecord<Uint8Array>>,
    sentOf: ReadonlyMap<number, SentFrame>,
    tally: DamageTally,
    deflate: boolean,
    captured: Captured,
  ): void {
    const coverage = this.#coverage
    const sentByFirst = new Map(coverage.stream.messages.map((message) => [message.frames[0], message]))
    const complete = new Set<unknown>()
    for (const message of messages) {
      const first = sentOf.get(message.frames[0]!)
      if (first === undefined) continue
      const sent = sentByFirst.get(first)
      if (sent === undefined) {
        this.#fault(`message ${message.message} starts with the frame at ${first.start}, and none does`)
        continue
      }
      const last = sent.frames.at(-1)!
      if (coverage.count(sent.frames[0]!.start, last.end, Byte.doubtful) > 0 || coverage.derailed < last.end)
        continue
      const bytes = bytesOf(message) ?? new Uint8Array(0)
      const truth = bytesOf(sent.record) ?? new Uint8Array(0)
      if (message.opcodeName !== sent.record.opcodeName)
        this.#fault(`message ${message.message} was ${sent.record.opcodeName}, it says ${message.opcodeName}`)
      const isPrefix = Buffer.compare(bytes, truth.subarray(0, bytes.length)) === 0
      // Of a connection with compressed messages before the damage, the window may hold doubtful bytes.
      const isTrusted = !(message.compressed && coverage.isDoubtful)
      if (
        isTrusted &&
        (!isPrefix || (!message.incomplete && !sent.record.incomplete && bytes.length !== truth.length))
      )
        this.#fault(
          `message ${message.message} at ${first.start} says other than was sent (${message.incomplete ? 'incomplete' : 'complete'}, ${bytes.length} of ${truth.length} bytes)`,
        )
      if (!message.incomplete) complete.add(sent)
      if (message.withoutContext) tally.withoutContext++
    }
    let isLost = !this.#isWhole
    for (const message of coverage.stream.messages) {
      if (message.record.incomplete) continue
      const isCaptured = coverage.holds(message.frames[0]!.start, message.frames.at(-1)!.end)
      // Nobody can tell a message or a fragment that is lost from a control frame that is.
      const { end } = message.frames.at(-1)!
      if (!coverage.holds(0, end)) isLost = true
      if (!isCaptured || !message.frames.every((frame) => found.has(frame)) || coverage.isDoubtful) continue
      const isComplete = complete.has(message)
      if (message.record.compressed) {
        tally.compressed++
        if (isComplete) tally.compressedComplete++
        if (!isLost && deflate && !isComplete)
          this.#fault(
            `the compressed message at ${message.frames[0]!.start} is captured, and so are all before, but it is not complete`,
          )
      } else {
        tally.plain++
        if (isComplete) tally.plainComplete++
        else this.#fault(`the message at ${message.frames[0]!.start} is captured and not complete`)
      }
    }
    void captured
  }

  #fault(sentence: string): void {
    this.#judgement.fault(`connection ${this.#connection} ${this.#coverage.stream.from}: ${sentence}`)
  }
}

/** Whether two frames have the same header. */
function sameHeader(a: FrameRecord<Uint8Array>, b: FrameRecord<Uint8Array>): boolean {
  return (
    a.fin === b.fin &&
    a.rsv1 === b.rsv1 &&
    a.rsv2 === b.rsv2 &&
    a.rsv3 === b.rsv3 &&
    a.opcode === b.opcode &&
    a.masked === b.masked &&
    a.maskingKey === b.maskingKey &&
    a.headerLength === b.headerLength &&
    a.payloadLength === b.payloadLength
  )
}

export type { Side }
