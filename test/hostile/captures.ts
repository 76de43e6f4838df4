// What hostile captures are made of: units that are written one after the other, handshakes, compressed messages, bytes that look like
// nothing. The files of attacks/ make the captures: each kind at any size, the same bytes at every run.
import { constants, deflateRawSync } from 'node:zlib'
import { Opcode } from '../../src/base/events.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { acceptFor } from '../support/builders/accept-for.ts'
import { utf8 } from '../support/builders/packet-builder.ts'
import { Talk, Tape } from './tape.ts'

export const MIB = 1024 * 1024

/** One kind of hostile capture. */
export interface HostileCapture {
  readonly kind: string
  /** The number of units in the capture that the table measures, and in the quick one of the tests. */
  readonly units: number
  readonly quick: number
  /** True if none of its packets can be read: the commands then end with 2. */
  readonly isUnreadable?: true
  /** The bytes of the file, piece by piece. */
  readonly pieces: (units: number) => Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** A client's key: the one of RFC 6455 §1.3. */
export const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
/** Offers compression, and accepts it. */
export const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'

/** Writes unit after unit; `linkType` as for a tape. */
export function written(step: (tape: Tape, unit: number) => void, linkType?: number) {
  return function* (units: number): Generator<Uint8Array> {
    const tape = new Tape(linkType)
    for (let unit = 0; unit < units; unit++) {
      step(tape, unit)
      if (tape.full) yield tape.take()
    }
    yield tape.take()
  }
}

/** The connection with the number `unit`: opened at its first use, and kept in `known`. */
export function talks(tape: Tape, unit: number, known: Map<number, Talk>, open: (talk: Talk) => void): Talk {
  let talk = known.get(unit)
  if (talk === undefined) {
    talk = new Talk(tape, unit)
    open(talk)
    known.set(unit, talk)
  }
  return talk
}

/** TCP's handshake and WebSocket's. */
export function upgrade(talk: Talk, headers = '', answered = headers): Talk {
  return talk
    .open()
    .says(
      'client',
      utf8(
        `GET /feed HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${headers}\r\n`,
      ),
    )
    .says(
      'server',
      utf8(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n${answered}\r\n`,
      ),
    )
}

/** The bytes in segments of `length`. */
export function segmented(talk: Talk, from: 'client' | 'server', bytes: Uint8Array, length = 1448): void {
  for (let at = 0; at < bytes.length; at += length) talk.says(from, bytes.subarray(at, at + length))
}

/** What a sender writes for a compressed message: a deflate block without the 00 00 ff ff at its end (RFC 7692 §7.2.1). */
export function compressed(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
}

/** Bytes that look like nothing. */
export function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = seed * 0x9e3779b9 + 1
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state
  }
  return new Uint8Array(words.buffer, 0, length)
}

/** A text message in one frame. */
export const text = (payload: Uint8Array) => encodeFrame({ fin: true, opcode: Opcode.text, payload })
