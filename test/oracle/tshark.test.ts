// Two opinions on every frame: framewalk's and tshark's, of every fixture and of the published captures.
import { describe, expect, it } from 'vitest'
import type { Side } from '../../src/base/stream.ts'
import type { FrameRecord, MessageRecord } from '../../src/records/records.ts'
import { bytesOf, type Captured, readCaptured } from '../support/drivers/captured.ts'
import {
  type FixtureSecrets,
  fixtureNames,
  fixturePath,
  fixturePorts,
  fixtureSecrets,
  isHttp2,
  tlsFixtureNames,
} from '../support/drivers/fixtures.ts'
import { publishedCapture, publishedCaptures } from '../support/drivers/published-captures.ts'
import { skipWithout } from '../support/drivers/requirements.ts'
import {
  knownFault,
  type TsharkFrame,
  tsharkFaults,
  tsharkFrames,
  tsharkVersion,
} from '../support/oracles/tshark.ts'

const version = tsharkVersion()

/** Messages that no endpoint may take for text: here the two may differ. */
const ILLEGAL = ['violations']

describe.skipIf(skipWithout('tshark'))('tshark and the frames', () => {
  // Over HTTP/2 it shows bare DATA: http2.test.ts.
  it.each([...fixtureNames, ...tlsFixtureNames].filter((name) => !isHttp2(name)))(
    'tshark agrees on every frame and text of %s',
    async (name) => {
      const differences = await compare(name, fixturePath(name), fixturePorts(name), fixtureSecrets(name))
      expect(differences.unexplained).toEqual([])
    },
  )

  it.each(publishedCaptures)('tshark agrees on every frame and text of %s', async (name) => {
    const differences = await compare(name, publishedCapture(name), [])
    expect(differences.unexplained).toEqual([])
  })

  it.runIf(version?.startsWith('4.0.'))(
    'tshark agrees but for the faults it is known for, each of which shows itself',
    async () => {
      const shown = new Set<string>()
      for (const name of new Set(tsharkFaults.flatMap(({ fixtures }) => fixtures))) {
        const { explained } = await compare(name, fixturePath(name), fixturePorts(name))
        for (const fault of explained) shown.add(fault)
      }
      expect([...shown].sort()).toEqual([...new Set(tsharkFaults.map(({ fault }) => fault))].sort())
    },
  )
})

/** The differences by capture: tshark takes most of a second to start. */
const compared = new Map<string, Promise<Differences>>()

function compare(
  name: string,
  path: string,
  ports: readonly number[],
  secrets: FixtureSecrets = {},
): Promise<Differences> {
  const differences = compared.get(name) ?? compareAnew(name, path, ports, secrets)
  compared.set(name, differences)
  return differences
}

interface Differences {
  readonly unexplained: string[]
  /** The faults of tshark that account for the others. */
  readonly explained: Set<string>
}

async function compareAnew(
  name: string,
  path: string,
  ports: readonly number[],
  secrets: FixtureSecrets,
): Promise<Differences> {
  const captured = await readCaptured(path, secrets)
  const theirs = tsharkFrames(path, ports, secrets)
  expect(captured.frames.length).toBe(theirs.length)
  const differences: Differences = { unexplained: [], explained: new Set() }
  for (const { connection, client, server } of captured.connections) {
    for (const from of ['client', 'server'] as const) {
      const [source, destination] = from === 'client' ? [client, server] : [server, client]
      const sent = theirs.filter(
        ({ sourcePort, destinationPort }) =>
          sourcePort === source.port && destinationPort === destination.port,
      )
      compareDirection(name, captured, connection, from, sent, differences)
    }
  }
  return differences
}

function compareDirection(
  name: string,
  captured: Captured,
  connection: number,
  from: Side,
  theirs: readonly TsharkFrame[],
  { unexplained, explained }: Differences,
): void {
  const ours = captured.framesOf(connection, from)
  const messages = new Map(
    captured.messagesOf(connection, from).map((message) => [message.frames.at(-1), message]),
  )
  expect(ours.length, `frames from the ${from} of connection ${connection}`).toBe(theirs.length)
  for (const [index, frame] of ours.entries()) {
    const message = messages.get(frame.frame)
    const [our, their] = [asTshark(frame, message), { ...theirs[index]! }]
    if (ILLEGAL.includes(name)) our.text = their.text = undefined
    for (const field of Object.keys(our) as (keyof typeof our)[]) {
      if (our[field] === their[field]) continue
      const fault = isFaulty(field) ? knownFault(name, field, faultContext(frame, message)) : undefined
      if (fault !== undefined) explained.add(fault.fault)
      else
        unexplained.push(
          `frame ${frame.frame}: ${field} is ${cut(our[field])}, tshark says ${cut(their[field])}`,
        )
    }
  }
}

function isFaulty(field: string): field is 'payload' | 'packet' | 'text' {
  return field === 'payload' || field === 'packet' || field === 'text'
}

function faultContext(frame: FrameRecord<Uint8Array>, message: MessageRecord<Uint8Array> | undefined) {
  return {
    from: frame.from,
    masked: frame.masked,
    payloadLength: Number(frame.payloadLength),
    message: message && {
      fragments: message.frames.length,
      compressed: message.compressed,
      length: message.length,
    },
  }
}

/** A frame in tshark's words. */
function asTshark(frame: FrameRecord<Uint8Array>, message: MessageRecord<Uint8Array> | undefined) {
  // tshark shows no text if it is empty.
  const text = message?.opcodeName === 'text' && message.length > 0 ? bytesOf(message) : undefined
  return {
    packet: frame.packet.last,
    fin: frame.fin,
    rsv: (frame.rsv1 ? 4 : 0) + (frame.rsv2 ? 2 : 0) + (frame.rsv3 ? 1 : 0),
    opcode: frame.opcode,
    masked: frame.masked,
    maskingKey: frame.maskingKey ?? undefined,
    payloadLength: String(frame.payloadLength),
    payload: hex(frame.payload),
    text: text && hex(text),
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** Payloads of megabytes do not help in an error message. */
function cut(value: unknown): string {
  return String(value).slice(0, 100)
}
