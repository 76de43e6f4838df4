// What must hold for the whole way of the data, whatever the bytes: from capture files to every renderer. Throws if it does not.
import { readFileSync } from 'node:fs'
import { type AnalysisOptions, readEvents } from '../../src/analyze.ts'
import type { AnalysisEvent } from '../../src/base/events.ts'
import { InputError } from '../../src/base/input-error.ts'
import { Budget, LIMITS, type LimitName, type Limits } from '../../src/base/limits.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { toRecord } from '../../src/records/to-record.ts'
import { NdjsonRenderer } from '../../src/render/ndjson.ts'
import type { Renderer, TableOptions, Write } from '../../src/render/renderer.ts'
import { ConnectionsTable } from '../../src/render/table/connections.ts'
import { FramesTable } from '../../src/render/table/frames.ts'
import { MessagesTable } from '../../src/render/table/messages.ts'
import { walkthrough } from '../../src/render/walkthrough/walkthrough.ts'
import type { Random } from '../support/builders/websocket-traffic.ts'
import { fixtureKeyLog, tlsFixtureNames } from '../support/drivers/fixtures.ts'
import { UNSAFE_ON_A_SCREEN } from '../support/drivers/rendering.ts'
import { checkRecordLines } from '../support/oracles/record-schema.ts'

/** The painter's own sequences (render/style.ts). */
const PAINT = /\x1b\[(?:1|2|22|3[1-69])m/g
/** The secrets of all fixtures. */
const KEY_LOG = Buffer.concat(
  tlsFixtureNames.flatMap((name) => {
    const path = fixtureKeyLog(name)
    return path === undefined ? [] : [readFileSync(path)]
  }),
)
/** Frames of one walk that are walked through. */
const WALKED_THROUGH = 2

/** Every budget that was drawn on since the last look. */
const budgets = new Set<Budget>()
const take = Budget.prototype.take
Budget.prototype.take = function (this: Budget, bytes: number): boolean {
  budgets.add(this)
  if (bytes < 0) throw new Error(`${bytes} bytes were taken from the budget`)
  return take.call(this, bytes)
}

/** Throws if a budget that was drawn on is not full again. */
export function checkBudgets(): void {
  const lacking = [...budgets].reduce((sum, { held }) => sum + held, 0)
  budgets.clear()
  if (lacking !== 0) throw new Error(`the budget still lacks ${lacking} bytes`)
}

/** What was drawn on so far is looked at no more. */
export function forgetBudgets(): void {
  budgets.clear()
}

/** Throws if a text would do something to a terminal. `color`: with the painter's own colours. */
export function checkScreenText(text: string, color: boolean): void {
  const bare = color ? text.replaceAll(PAINT, '') : text
  const unsafe = UNSAFE_ON_A_SCREEN.exec(bare)
  if (unsafe === null) return
  const around = bare.slice(Math.max(0, unsafe.index - 100), unsafe.index + 100)
  throw new Error(`a screen is shown ${JSON.stringify(unsafe[0])} in ${JSON.stringify(around)}`)
}

/** Walks through captures and prints the events in one of all the ways that there are. */
export async function checkWalk(files: readonly Uint8Array[], random: Random): Promise<void> {
  const options: AnalysisOptions = {
    limits: random.chance(50) ? {} : smallLimits(random),
    decodeAs: random.chance(15) ? [8765, 443, 80] : [],
    keyLog: random.chance(70) ? KEY_LOG : undefined,
  }
  const pieceLength = random.oneOf([64, 1000, 65_536, 262_144])
  const sources = files.map((file, index) => ({ name: `${index}.pcap`, chunks: piecesOf(file, pieceLength) }))
  const screen: string[] = []
  const lines: Uint8Array[] = []
  const look: TableOptions = {
    width: random.oneOf([40, 41, 80, 130, 200]),
    color: random.chance(30),
    findingsPerCode: random.oneOf([1, 1000]),
  }
  const renderers = [
    tableOf(random, look, (text) => screen.push(String(text))),
    new NdjsonRenderer((bytes) =>
      lines.push(bytes instanceof Uint8Array ? bytes.slice() : Buffer.from(bytes)),
    ),
  ]
  const order = new EventOrder()
  let walked = 0
  try {
    for await (const batch of readEvents(sources, nodePlatform, options)) {
      for (const event of batch) {
        order.check(event)
        if (random.chance(10)) toRecord(event)
        for (const renderer of renderers) renderer.event(event)
        if (event.type === 'frame' && walked < WALKED_THROUGH && random.chance(20)) {
          walked++
          const rows = 1 + random.below(40)
          const subject = { frame: event, findings: [], message: undefined, source: 'capture' } as const
          screen.push(walkthrough(subject, { ...look, rows, language: random.oneOf(LANGUAGES) }))
        }
      }
      for (const renderer of renderers) renderer.flush()
    }
  } catch (error) {
    if (!(error instanceof InputError) || order.hasBegun) throw error
    checkBudgets()
    return
  }
  for (const renderer of renderers) renderer.end()
  order.end()
  checkScreenText(screen.join(''), look.color)
  checkRecordLines(Buffer.concat(lines).toString())
  checkBudgets()
}

function tableOf(random: Random, look: TableOptions, write: Write): Renderer {
  return random.oneOf([
    () => new FramesTable({ ...look, hex: random.chance(30) }, write),
    () => new ConnectionsTable(look, write),
    () => new MessagesTable(look, write),
  ])()
}

function smallLimits(random: Random): Partial<Limits> {
  const limits: Partial<Record<LimitName, number>> = {}
  for (const name of Object.keys(LIMITS) as LimitName[]) {
    if (random.chance(30)) limits[name] = random.oneOf([1, 2, 10, 100, 1000, 5000])
  }
  return limits
}

async function* piecesOf(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  // One piece of memory for all of them, like that of an input which reads a file.
  const memory = new Uint8Array(length)
  for (let at = 0; at < bytes.length; at += length) {
    const piece = bytes.subarray(at, at + length)
    memory.set(piece)
    yield memory.subarray(0, piece.length)
  }
}

/** Compares events with one another and with the summary. */
class EventOrder {
  hasBegun = false
  #hasEnded = false
  readonly #open = new Map<number, number>()
  #connections = 0
  #frames = 0
  #messages = 0
  #findings = 0

  check(event: AnalysisEvent): void {
    if (this.#hasEnded) throw new Error(`${event.type} behind the summary`)
    if (event.type !== 'capture' && !this.hasBegun) throw new Error(`${event.type} before the capture`)
    switch (event.type) {
      case 'capture':
        this.hasBegun = true
        break
      case 'connection':
        if (event.connection !== ++this.#connections) throw new Error('connections out of order')
        this.#open.set(event.connection, 0)
        break
      case 'frame':
        this.#frames++
        if (this.#open.get(event.connection) !== event.frame - 1) throw new Error('frames out of order')
        this.#open.set(event.connection, event.frame)
        if (event.capturedLength > event.payloadLength) throw new Error('more was captured than announced')
        break
      case 'message':
        this.#messages++
        if (!this.#open.has(event.connection)) throw new Error('a message of no open connection')
        if (event.length !== (event.data?.length ?? 0))
          throw new Error('a length that is not that of the data')
        break
      case 'finding':
        this.#findings++
        if (event.connection !== undefined && event.connection > this.#connections)
          throw new Error('a finding on no connection')
        break
      case 'closed':
        if (!this.#open.delete(event.connection)) throw new Error('closed, and was not open')
        break
      default: {
        this.#hasEnded = true
        if (this.#open.size > 0) throw new Error('connections that were not closed')
        const findings = Object.values(event.findings).reduce((sum, count) => sum + count, 0)
        const counted = [event.connections, event.frames, event.messages, findings]
        const seen = [this.#connections, this.#frames, this.#messages, this.#findings]
        if (counted.join() !== seen.join())
          throw new Error(`the summary counts ${counted}, there were ${seen}`)
      }
    }
  }

  end(): void {
    if (!this.#hasEnded) throw new Error('no summary')
  }
}
