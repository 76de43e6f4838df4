// The way of the data on one screen: bytes → packets → segments → streams → heads and frames → events. It only connects stages.
import type { AnalysisEvent } from './base/events.ts'
import { Budget, type Limits, limitsWith } from './base/limits.ts'
import { CaptureFiles } from './capture/merge.ts'
import type { CaptureSource } from './capture/source-file.ts'
import { EventBatch } from './conversation/event-batch.ts'
import { makeInflaterPool } from './conversation/inflater-pool.ts'
import { Scheduler } from './conversation/scheduler.ts'
import { makeAcceptFor } from './http/accept.ts'
import { NetworkDecoder, type NetworkReading } from './network/decode.ts'
import type { Platform, RsaPrivateKey } from './platform/platform.ts'
import { Connections } from './tcp/connections.ts'
import { TlsContext } from './tls/context.ts'
import { KeyLog } from './tls/key-log.ts'
import type { StoredSecrets } from './tls/secret-store.ts'

/** The options of an analysis. */
export interface AnalysisOptions extends Pick<NetworkReading, 'tunnelPorts'> {
  /** Limits to change. The others keep their defaults. */
  readonly limits?: Partial<Limits>
  /** TCP ports whose connections are read as WebSocket even if no handshake was seen; 0 … 65 535. */
  readonly decodeAs?: readonly number[]
  /** Secrets of TLS connections, as clients and servers log them (`SSLKEYLOGFILE`). Those in the capture are always used. */
  readonly keyLog?: string | Uint8Array | StoredSecrets | undefined
  /** RSA private keys of servers. They decrypt TLS 1.2 if the suite uses RSA key exchange. */
  readonly rsaKeys?: readonly RsaPrivateKey[] | undefined
  /** Whether frames say which packets brought which of their bytes. By default they do not. */
  readonly traceSegments?: boolean
}

/**
 * Reads captures, several as one in the order of time, and yields their events in batches, in the order in which they happened.
 * The views in a batch (payloads, data) are valid until the next batch is asked for.
 *
 * Throws InputError if an input is not a capture (before the first batch) or cannot be read, or the key log is too long;
 * RangeError for an invalid limit.
 */
export async function* readEvents(
  sources: readonly CaptureSource[],
  platform: Platform,
  options: AnalysisOptions = {},
): AsyncGenerator<AnalysisEvent[]> {
  const limits = limitsWith(options.limits)
  const budget = new Budget(limits.waitingTotal)
  const events = new EventBatch(budget.memory)
  const makeInflater = makeInflaterPool(limits, budget, platform, () => network.bytes)
  const keyLog = new KeyLog(options.keyLog, limits.secrets)
  const scheduler = new Scheduler({
    limits,
    budget,
    makeInflater,
    acceptFor: makeAcceptFor(platform.cryptography),
    traceSegments: options.traceSegments ?? false,
    decodeAs: options.decodeAs ?? [],
    tls: new TlsContext(platform.cryptography, keyLog, budget, options.rsaKeys),
    emit: events.push,
  })
  const connections = new Connections(limits, budget, events.push, scheduler.open)
  const network = new NetworkDecoder({ ...options, limits }, budget, events.push, connections)
  const capture = new CaptureFiles(platform, sources, events.push, budget, keyLog.addBlock)
  try {
    let isAnyLeft = await capture.fill()
    keyLog.mayGrow = capture.files?.some(({ format }) => format === 'pcapng') ?? false
    yield [{ type: 'capture', files: capture.files ?? [] }]
    for (; isAnyLeft; isAnyLeft = await capture.fill()) {
      for (let packet = capture.next(); packet !== undefined; packet = capture.next()) {
        network.push(packet)
        do if (events.full) yield events.take()
        while (scheduler.next())
      }
      yield events.take()
    }
    network.end()
    while (connections.endOne()) {
      do if (events.full) yield events.take()
      while (scheduler.next())
    }
    connections.end()
    scheduler.endSecrets()
    do if (events.full) yield events.take()
    while (scheduler.next())
    scheduler.end()
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
