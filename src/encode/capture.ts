// A script in, the bytes of a capture file out. The same script makes the same bytes.
import { createRequire } from 'node:module'
import { spelled } from '../base/option-check.ts'
import type { Time } from '../base/stream.ts'
import { pcapFile, pcapngFile, type WrittenPacket } from './capture-writer.ts'
import { converse } from './conversation.ts'
import { randomWords } from './random.ts'
import { type Schema, schemaFault } from './schema-check.ts'
import type { CaptureScript } from './script.ts'
import { ScriptError } from './script-error.ts'
import { SentPackets } from './sent-packets.ts'
import { FrameMaker, type SendingStep } from './step-frames.ts'

export type CaptureFormat = NonNullable<CaptureScript['format']>

const DEFAULT_START = '2026-01-01T00:00:00Z'
const DEFAULT_SEED = 1
const NANOSECONDS = 1e9
/** The packets of so many connections have 64 MiB and more. */
const MOST_CONNECTIONS = 100_000

const schema: Schema = createRequire(import.meta.url)('../encode/script-schema.json')
const stepSchema: Schema = { ...schema, $ref: '#/definitions/Step' }

/**
 * Makes a capture file of what a script describes: handshakes, messages, frames and faults, as packets that Wireshark opens.
 * `format` is for a script that names none.
 *
 * Throws ScriptError, with the place in the script and the cure, if the script makes no sense. Throws TypeError for a format that
 * does not exist.
 */
export function writeCapture(script: CaptureScript, format: CaptureFormat = 'pcap'): Uint8Array {
  if (format !== 'pcap' && format !== 'pcapng')
    throw new TypeError(`format: expected "pcap" or "pcapng", got ${spelled(format)}`)
  // Before the long look at each of them.
  if (script?.connections?.length > MOST_CONNECTIONS)
    throw new ScriptError(
      ['connections'],
      `too many; give at most ${MOST_CONNECTIONS}, in each of several captures`,
    )
  check(script, schema)
  const start = timeOf(script.start ?? DEFAULT_START)
  const packets = new SentPackets()
  const surroundings = {
    packets,
    draw: randomWords(script.seed ?? DEFAULT_SEED),
    snapLength: script.snapLength ?? Infinity,
  }
  for (const [index, connection] of script.connections.entries()) converse(connection, index, surroundings)
  const write = (script.format ?? format) === 'pcap' ? pcapFile : pcapngFile
  return joined(() => write(timed(packets, start)))
}

function* timed(packets: SentPackets, start: Time): Generator<WrittenPacket> {
  for (const { at, bytes, originalLength } of packets.inOrder())
    yield { time: later(start, at), bytes, originalLength }
}

/** The pieces, in memory that is exactly as long as they are. They are made twice. */
function joined(pieces: () => Iterable<Uint8Array>): Uint8Array {
  let length = 0
  for (const piece of pieces()) length += piece.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces()) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** The frames of one step, without a capture around them. Throws TypeError, as `writeCapture` does. */
export function stepFrames(step: SendingStep): Uint8Array[] {
  check(step, stepSchema)
  return new FrameMaker(null, randomWords(DEFAULT_SEED)).framesOf(step, [])
}

function check(value: unknown, against: Schema): void {
  const fault = schemaFault(value, against)
  if (fault !== undefined) throw new ScriptError(fault.path, fault.message)
}

function timeOf(text: string): Time {
  const [whole = '', fraction = ''] = text.slice(0, -1).split('.')
  const milliseconds = Date.parse(`${whole}Z`)
  if (Number.isNaN(milliseconds)) {
    throw new ScriptError(['start'], `${JSON.stringify(text)} is not a date of the calendar; give another`)
  }
  return { seconds: milliseconds / 1000, nanoseconds: Number(fraction.padEnd(9, '0')) }
}

function later({ seconds, nanoseconds }: Time, by: number): Time {
  const sum = nanoseconds + (by % NANOSECONDS)
  const carry = sum >= NANOSECONDS ? 1 : 0
  return { seconds: seconds + Math.floor(by / NANOSECONDS) + carry, nanoseconds: sum - carry * NANOSECONDS }
}
