// The frame decoder alone against ws's Receiver, in one process, on the same bytes: frames of one direction in chunks as an input
// reads them.
import { Opcode } from '../../src/base/events.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { FrameDecoder } from '../../src/websocket/frames.ts'
import { wsReceiver } from '../support/oracles/ws-oracle.ts'
import { median } from './processes.ts'

const CHUNK = 256 * 1024

/** Nanoseconds a frame, of both. */
export interface DecoderTimes {
  readonly name: string
  readonly framewalk: number
  readonly ws: number
}

/** Takes payloads and counts them, and all their bytes. */
class Count {
  frames = 0
  bytes = 0
  sum = 0

  readonly take = (payload: Uint8Array): void => {
    this.frames++
    this.bytes += payload.length
    this.sum = (this.sum * 31 + payload[payload.length - 1]!) | 0
  }
}

/** Measures both on small and large frames, masked and not, in turns. Throws if they read different payloads. */
export async function compareDecoders(frames: number, rounds: number): Promise<DecoderTimes[]> {
  const times: DecoderTimes[] = []
  for (const size of [46, 64 * 1024]) {
    for (const masked of [true, false]) {
      const count = size > 1000 ? Math.ceil(frames / 200) : frames
      const stream = streamOf(size, masked, count)
      const ours: number[] = []
      const theirs: number[] = []
      for (let round = 0; round < rounds; round++) {
        const [a, b] = [new Count(), new Count()]
        ours.push(await timed(() => decode(stream, masked, a)))
        // ws unmasks in place.
        const copy = Buffer.from(stream)
        theirs.push(await timed(() => receive(copy, masked, b)))
        if (a.frames !== count || a.frames !== b.frames || a.bytes !== b.bytes || a.sum !== b.sum)
          throw new Error(`FrameDecoder read ${a.frames} frames, ws ${b.frames} of ${count}`)
      }
      const name = `${size === 46 ? 'small' : '64 KiB'} frames, ${masked ? 'masked' : 'not masked'}`
      times.push({ name, framewalk: (median(ours) / count) * 1e6, ws: (median(theirs) / count) * 1e6 })
    }
  }
  return times
}

async function timed(work: () => void | Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function streamOf(size: number, masked: boolean, count: number): Uint8Array {
  const parts = Array.from({ length: 16 }, (_, i) => {
    const payload = new Uint8Array(size).fill(0x30 + i)
    const mask = masked ? { maskingKey: Math.imul(i + 1, 0x9e3779b9) >>> 0 } : {}
    return encodeFrame({ fin: true, opcode: Opcode.binary, payload, ...mask })
  })
  const stream = new Uint8Array(parts[0]!.length * count)
  for (let i = 0; i < count; i++) stream.set(parts[i % parts.length]!, i * parts[0]!.length)
  return stream
}

function decode(stream: Uint8Array, masked: boolean, { take }: Count): void {
  const limits = limitsWith()
  const budget = new Budget(limits.waitingTotal)
  const decoder = new FrameDecoder({
    connection: 1,
    from: masked ? 'client' : 'server',
    limits,
    budget,
    rsv1Allowed: false,
    midstream: false,
  })
  const origin = { kind: 'chunk', packet: 1, released: 1, time: undefined, segmentStart: true } as const
  for (let start = 0; start < stream.length; start += CHUNK) {
    decoder.push({ ...origin, bytes: stream, start, end: Math.min(start + CHUNK, stream.length) })
    for (let next = decoder.next(); next !== undefined; next = decoder.next()) {
      if (next.type === 'frame') take(next.payload)
    }
    budget.memory.turn()
  }
}

async function receive(stream: Buffer, masked: boolean, { take }: Count): Promise<void> {
  const receiver = wsReceiver(masked, take, { allowSynchronousEvents: true, skipUTF8Validation: true })
  for (let start = 0; start < stream.length; start += CHUNK) {
    await new Promise<void>((resolve) => {
      receiver.write(stream.subarray(start, start + CHUNK), () => resolve())
    })
  }
}
