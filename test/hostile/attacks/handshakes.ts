// Hostile HTTP: heads that are long, slow, at once, or refused.
import { acceptFor } from '../../support/builders/accept-for.ts'
import { u8, utf8 } from '../../support/builders/packet-builder.ts'
import { type HostileCapture, KEY, talks, written } from '../captures.ts'
import { Talk, Tape } from '../tape.ts'

/** A head of `units` KiB, one byte a segment, without a line end. */
const oneByteHead = () => {
  let talk: Talk | undefined
  return function* (units: number): Generator<Uint8Array> {
    yield* written((tape, at) => {
      if (at % (1000 * 1024) === 0)
        talk = new Talk(tape, at / (1000 * 1024)).open().says('client', utf8('GET /'))
      talk!.says('client', u8(0x41))
    })(units * 1024)
  }
}

/** Header lines of a megabyte in request and response. */
const longHeaders = () => {
  const line = `X-Long: ${'\x1b[31m\u202e'.repeat(120_000)}\r\n`
  return function* (units: number): Generator<Uint8Array> {
    const tape = new Tape()
    for (let unit = 0; unit < units; unit++) {
      const talk = new Talk(tape, unit).open()
      const request = `GET /${'a'.repeat(10_000)} HTTP/1.1\r\nHost: ${'h'.repeat(10_000)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n`
      const response = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n`
      for (const [from, head] of [
        ['client', request],
        ['server', response],
      ] as const) {
        const bytes = utf8(`${head}${line}\r\n`)
        for (let at = 0; at < bytes.length; at += 16_000) {
          talk.says(from, bytes.subarray(at, at + 16_000))
          if (tape.full) yield tape.take()
        }
      }
    }
    yield tape.take()
  }
}

/** Heads of a megabyte on as many connections at a time as the budget holds, all completed by one byte each in the end. */
const headsAtOnce = () => {
  return function* (units: number): Generator<Uint8Array> {
    const tape = new Tape()
    const short = 'X: y\r\n'.repeat(100_000)
    const bytes = utf8(
      `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${short}\r\n`,
    )
    const response = utf8(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${short}\r\n`,
    )
    const all = Array.from({ length: units }, (_, i) => new Talk(tape, i).open())
    for (const talk of all) {
      for (const [from, head] of [
        ['client', bytes],
        ['server', response],
      ] as const) {
        for (let at = 0; at < head.length - 1; at += 16_000) {
          talk.says(from, head.subarray(at, Math.min(at + 16_000, head.length - 1)))
          if (tape.full) yield tape.take()
        }
      }
    }
    for (const talk of all) talk.says('client', u8(10))
    for (const talk of all) talk.says('server', u8(10))
    yield tape.take()
  }
}

/** Endless requests without an answer, then the answers. */
const requests = () => {
  const request = utf8(
    'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nHEAD / HTTP/1.1\r\n\r\n'.repeat(10),
  )
  const response = utf8('HTTP/1.1 426 No\r\nContent-Length: 0\r\n\r\n'.repeat(20))
  const known = new Map<number, Talk>()
  return written((tape, unit) => {
    if (unit === 0) known.clear()
    talks(tape, unit % 50, known, (talk) => talk.open())
      .says('client', request)
      .says('server', response)
  })
}

export const HANDSHAKE_CAPTURES: readonly HostileCapture[] = [
  { kind: 'a request line in one-byte segments', units: 2000, quick: 64, pieces: oneByteHead() },
  { kind: 'header lines of a megabyte', units: 40, quick: 2, pieces: longHeaders() },
  { kind: 'a hundred heads of a megabyte at once', units: 100, quick: 8, pieces: headsAtOnce() },
  { kind: 'requests that are refused', units: 50_000, quick: 1000, pieces: requests() },
]
