// The way of the data on one screen: bytes → packets → segments → streams → heads and frames → events. Wires, decides nothing.

import type { WalkEvent } from './base/events.ts'
import { Budget, type Limits, limitsWith } from './base/limits.ts'
import { CaptureFiles, type CaptureSource } from './capture/merge.ts'
import { EventBatch } from './conversation/event-batch.ts'
import { Conversations } from './conversation/scheduler.ts'
import { NetworkDecoder } from './network/decode.ts'
import { makeInflaterPool } from './platform/node/inflate.ts'
import { Connections } from './tcp/connections.ts'
import { TlsContext } from './tls/context.ts'
import { KeyLog } from './tls/key-log.ts'
import { checkedRsaKeys, type RsaKeys } from './tls/rsa-keys.ts'

/** What can be asked of an analysis. */
export interface WalkOptions {
  /** Bounds to change; the others keep their defaults. */
  readonly limits?: Partial<Limits>
  /** TCP ports on which WebSocket is spoken, though no handshake was seen. */
  readonly decodeAs?: readonly number[]
  /** Secrets of TLS connections, as clients and servers log them (`SSLKEYLOGFILE`). A capture's own secrets are used in any case. */
  readonly keyLog?: string | Uint8Array | undefined
  /** RSA private keys of servers (`createPrivateKey` of node:crypto): they open TLS 1.2 where the suite has RSA key exchange. */
  readonly rsaKeys?: RsaKeys | undefined
}

/** What the report asks besides. */
export interface TracingOptions extends WalkOptions {
  /** Whether frames say which packets brought which of their bytes; unless asked for they do not. */
  readonly traceSegments?: boolean
}

/**
 * Walks through captures: their events in batches, in the order in which they happened. A batch's views (payloads, data) are valid until
 * the next batch is asked for. Several captures are one, in the order of time.
 *
 * Throws InputError where an input cannot be read or is no capture, before the first batch; RangeError for a limit that is none, TypeError
 * or RangeError for an RSA key that is none.
 */
export async function* walk(
  sources: readonly CaptureSource[],
  options: TracingOptions = {},
): AsyncGenerator<WalkEvent[]> {
  const limits = limitsWith(options.limits)
  const budget = new Budget(limits.waitingTotal)
  const events = new EventBatch(budget.memory)
  const makeInflater = makeInflaterPool(limits, budget)
  const keyLog = new KeyLog()
  if (options.keyLog !== undefined) keyLog.add(options.keyLog)
  const conversations = new Conversations({
    limits,
    budget,
    makeInflater,
    traceSegments: options.traceSegments ?? false,
    decodeAs: options.decodeAs ?? [],
    tls: new TlsContext(keyLog, budget, checkedRsaKeys(options.rsaKeys ?? [])),
    emit: events.push,
  })
  const connections = new Connections(limits, budget, events.push, conversations.open)
  const network = new NetworkDecoder(limits, budget, events.push, connections)
  const capture = new CaptureFiles(sources, events.push, keyLog.addBlock)
  try {
    let isAnyLeft = await capture.fill()
    keyLog.mayGrow = capture.files?.some(({ format }) => format === 'pcapng') ?? false
    yield [{ type: 'capture', files: capture.files ?? [] }]
    for (; isAnyLeft; isAnyLeft = await capture.fill()) {
      for (let packet = capture.next(); packet !== undefined; packet = capture.next()) {
        network.push(packet)
        do if (events.full) yield events.take()
        while (conversations.next())
      }
      yield events.take()
    }
    network.end()
    while (connections.endOne()) {
      do if (events.full) yield events.take()
      while (conversations.next())
    }
    connections.end()
    conversations.endSecrets()
    do if (events.full) yield events.take()
    while (conversations.next())
    conversations.end()
    yield events.take()
    yield [
      {
        type: 'summary',
        packets: network.packets,
        bytes: network.bytes,
        linkTypes: network.linkTypes,
        tcpConnections: connections.count,
        ...events.tally,
        skipped: Object.fromEntries(network.skipped),
      },
    ]
  } finally {
    await capture.close()
  }
}
