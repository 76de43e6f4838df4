// The manual's table of damages (README.md): what framewalk and tshark say of the same damaged captures.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FrameRecord } from '../../src/records/records.ts'
import { utf8 } from '../support/builders/packet-builder.ts'
import { conversation, DEFLATE, frame, type Spoken } from '../support/builders/tcp-conversation.ts'
import { makeCompressor } from '../support/builders/websocket-compressor.ts'
import { type Captured, readCaptured } from '../support/drivers/captured.ts'
import { tsharkFrames, tsharkVersion } from '../support/oracles/tshark.ts'
import { captureOf, type Damage, damage, type Recorded, segmentsOf } from './damage.ts'

/** A kind of damage, and how to do it to the conversation. */
interface Row {
  readonly damage: string
  readonly compressed?: boolean
  /** True if tshark sees no WebSocket unless it is told the port. */
  readonly untold?: boolean
  readonly apply: (packets: readonly Recorded[]) => readonly Recorded[]
}

/** Texts of both sides in turn; the server's fifth takes three packets. */
const TEXTS = Array.from({ length: 20 }, (_, i) => ({
  client: `{"ask":${i},"for":"the price of ACME"}`,
  server: `{"answer":${i},"price":${100 + i},"note":"${'服务器回应 '.repeat(i === 4 ? 200 : 1 + (i % 5))}"}`,
}))

function talk(isCompressed: boolean): Recorded[] {
  const [client, server] = [makeCompressor(), makeCompressor()]
  const say = (from: 0 | 1, text: string): Spoken => {
    const compress = from === 0 ? client : server
    return frame(from, isCompressed ? { rsv1: true, payload: compress(utf8(text)) } : { payload: utf8(text) })
  }
  return conversation(
    TEXTS.flatMap((text) => [say(0, text.client), say(1, text.server)]),
    isCompressed ? DEFLATE : '',
  )
}

const PORT = 8765
const PACKETS = talk(false)
/** The packet in which the server's fifth text starts, in the plain conversation. */
const FIFTH_ANSWER = 11
const at = (packet: number) => packet / (PACKETS.length - 1)
const by =
  (...damages: Damage[]) =>
  (packets: readonly Recorded[]) =>
    damage(packets, damages)

const ROWS: readonly Row[] = [
  { damage: 'none', apply: (packets) => packets },
  {
    damage: 'a packet lost inside a payload',
    apply: by({ kind: 'drop', at: at(FIFTH_ANSWER + 1), count: 1 }),
  },
  {
    damage: 'a packet lost with the header of a long frame',
    apply: by({ kind: 'drop', at: at(FIFTH_ANSWER), count: 1 }),
  },
  {
    damage: 'a packet lost, with permessage-deflate',
    compressed: true,
    apply: (packets) => packets.filter((_, index) => index !== 7),
  },
  { damage: 'a snapshot length of 128 bytes', apply: by({ kind: 'snap', length: 128 }) },
  {
    damage: 'packets out of order',
    apply: by({ kind: 'move', at: at(8), by: 4 }, { kind: 'move', at: at(20), by: 3 }),
  },
  {
    damage: 'a packet sent again with another byte in it',
    apply: by({ kind: 'duplicate', at: at(8), by: 3 }, { kind: 'flip', at: at(8), where: 1, bit: 0 }),
  },
  { damage: 'no handshake: the capture starts later', untold: true, apply: by({ kind: 'late', count: 6 }) },
  {
    damage: 'no handshake, with permessage-deflate',
    compressed: true,
    untold: true,
    apply: by({ kind: 'late', count: 6 }),
  },
  {
    damage: 'the response of the handshake lost',
    untold: true,
    apply: by({ kind: 'drop', at: at(1), count: 1 }),
  },
  {
    damage: 'only the client’s packets',
    untold: true,
    apply: by({ kind: 'one-sided', keep: 'to', ports: [PORT] }),
  },
  {
    damage: 'only the server’s packets',
    untold: true,
    apply: by({ kind: 'one-sided', keep: 'from', ports: [PORT] }),
  },
]

/** A frame in the form in which both tools tell of it. */
interface Told {
  readonly masked: boolean
  readonly payload: string
  readonly text: string | undefined
  readonly isMarked: boolean
}

/** The table as Markdown, a line an element. Without tshark installed its column says so. */
export async function damageTable(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-'))
  const version = tsharkVersion()
  try {
    const lines = [
      `| damage | framewalk finds | and says | tshark${version === undefined ? '' : ` ${version}`} finds |`,
      '|---|---|---|---|',
    ]
    for (const row of ROWS)
      lines.push(await tableRow(row, join(folder, 'damaged.pcap'), version !== undefined))
    return lines
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function tableRow(row: Row, path: string, hasTshark: boolean): Promise<string> {
  const good = talk(row.compressed ?? false)
  writeFileSync(path, captureOf(good))
  const truth = await readCaptured(path)
  const damaged = row.apply(good)
  writeFileSync(path, captureOf(damaged))
  const captured = await readCaptured(path)
  const whole = wholeFrames(truth, good, damaged)
  const compared = (told: readonly Told[]) => compare(truth, whole, told)
  const framewalk = compared(captured.frames.map((each) => toldBy(captured, each)))
  const tshark = hasTshark ? [compared(tsharkFrames(path, [PORT]).map(toldByTshark))] : ['not installed']
  if (hasTshark && row.untold) {
    const told = tsharkFrames(path, [PORT], {}, 'websocket').map(toldByTshark)
    tshark.push(`with \`-d tcp.port==${PORT},websocket\`: ${compared(told)}`)
  }
  return `| ${row.damage} | ${framewalk} | ${codesOf(captured)} | ${tshark.join('; ')} |`
}

function toldBy(
  captured: Captured,
  { frame, masked, payload, holes, payloadLength, capturedLength }: FrameRecord<Uint8Array>,
): Told {
  const message = captured.messages.find(({ frames }) => frames.includes(frame))
  const isMarked = holes !== undefined || capturedLength < Number(payloadLength)
  return {
    masked,
    payload: Buffer.from(payload).toString('hex'),
    text: message?.incomplete ? undefined : message?.text,
    isMarked,
  }
}

function toldByTshark({ masked, payload, text }: ReturnType<typeof tsharkFrames>[number]): Told {
  return {
    masked,
    payload,
    text: text === undefined ? undefined : Buffer.from(text, 'hex').toString(),
    isMarked: false,
  }
}

/** How many of the frames have all their bytes in the damaged capture. */
function wholeFrames(truth: Captured, good: readonly Recorded[], damaged: readonly Recorded[]): number {
  const segments = segmentsOf(damaged)
  const kept = new Map<string, number>()
  segments.forEach((segment) => {
    if (segment === undefined) return
    const key = `${segment.flow} ${segment.sequence}`
    kept.set(key, Math.max(kept.get(key) ?? 0, segment.end - segment.start))
  })
  const isWhole = segmentsOf(good).map(
    (segment) =>
      segment !== undefined &&
      kept.get(`${segment.flow} ${segment.sequence}`) === segment.end - segment.start,
  )
  return truth.frames.filter(({ packet }) => {
    const sender = segmentsOf(good)[packet.first - 1]!.flow
    for (let number = packet.first; number <= packet.last; number++)
      if (segmentsOf(good)[number - 1]!.flow === sender && !isWhole[number - 1]) return false
    return true
  }).length
}

/** What was told of a capture against what was sent in it. */
function compare(truth: Captured, whole: number, told: readonly Told[]): string {
  const sent = new Map<string, string | undefined>()
  for (const each of truth.frames) {
    const { masked, payload, text } = toldBy(truth, each)
    sent.set(`${masked} ${payload}`, text)
  }
  const right = told.filter(({ masked, payload }) => sent.has(`${masked} ${payload}`))
  const texts = right.filter(
    ({ masked, payload, text }) => text !== undefined && text === sent.get(`${masked} ${payload}`),
  )
  const marked = told.filter((each) => each.isMarked && !right.includes(each)).length
  const wrong = told.length - right.length - marked
  const parts = [`${right.length} of ${whole} frames`, `${texts.length} texts`]
  if (marked > 0) parts.push(`${marked} cut ${marked === 1 ? 'frame' : 'frames'}, marked`)
  if (wrong > 0) parts.push(`${wrong} that ${wrong === 1 ? 'was' : 'were'} never sent so`)
  return parts.join(', ')
}

function codesOf({ summary }: Captured): string {
  const codes = Object.entries(summary.findings).map(([code, count]) =>
    count === 1 ? `\`${code}\`` : `\`${code}\` ×${count}`,
  )
  return codes.length === 0 ? 'nothing' : codes.join(' ')
}
