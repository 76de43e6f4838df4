// The sending half of the `ws` package without a socket: what it would put on the wire, as an independent opinion on
// permessage-deflate.
import * as ws from 'ws'
import { concat } from '../../../src/base/bytes.ts'
import type { Deflate } from '../../../src/base/events.ts'
import type { Side } from '../../../src/base/stream.ts'

interface Extension {
  accept(configurations: readonly object[]): object
}

interface Sender {
  send(data: Uint8Array, options: object, done: (error?: Error) => void): void
}

/** `ws` exports these without types. */
const { PerMessageDeflate, Sender } = ws as unknown as {
  PerMessageDeflate: new (options: object) => Extension
  Sender: new (socket: object, extensions: object) => Sender
}

/** What is sent as one message: its fragments, and whether it is compressed. */
export interface Sent {
  readonly binary: boolean
  readonly compress: boolean
  readonly fragments: readonly Uint8Array[]
}

/** Sends messages as `side`, one after the other; each call gives their bytes on the wire. */
export function makeWsSender(side: Side, deflate: Deflate): (message: Sent) => Promise<Uint8Array> {
  let written: Uint8Array[] = []
  const socket = {
    cork() {},
    uncork() {},
    write(bytes: Uint8Array, done?: () => void) {
      written.push(bytes.slice())
      done?.()
    },
  }
  const isServer = side === 'server'
  const extension = new PerMessageDeflate({ isServer, threshold: 0, zlibDeflateOptions: { memLevel: 8 } })
  const params: Record<string, unknown> = {}
  for (const name of ['client', 'server'] as const) {
    if (!deflate[name].contextTakeover) params[`${name}_no_context_takeover`] = [true]
    params[`${name}_max_window_bits`] = [`${deflate[name].windowBits}`]
  }
  extension.accept([params])
  const sender = new Sender(socket, { 'permessage-deflate': extension })
  return async ({ binary, compress, fragments }) => {
    written = []
    for (const [i, fragment] of fragments.entries()) {
      const options = { fin: i === fragments.length - 1, binary, compress, mask: !isServer }
      await new Promise<void>((resolve, reject) => {
        sender.send(fragment, options, (error) => (error ? reject(error) : resolve()))
      })
    }
    return concat(written)
  }
}
