// TLS below a conversation: opens the TLS connection of a TCP connection and puts what it has to report into findings.
import type { Emit } from '../base/events.ts'
import { type FindingValues, makeFinding } from '../base/findings.ts'
import type { Direction, StreamItem } from '../base/stream.ts'
import type { TcpConnection } from '../tcp/receiver.ts'
import { TlsConnection } from '../tls/connection.ts'
import type { TlsContext } from '../tls/context.ts'

/**
 * The TLS connection on a TCP connection. `deliver` gets what is decrypted; `number` is that of the WebSocket connection, 0 while
 * there is none.
 */
export function openTls(
  context: TlsContext,
  { endpoints }: TcpConnection,
  emit: Emit,
  deliver: (direction: Direction, item: StreamItem) => void,
  number: () => number,
): TlsConnection {
  return new TlsConnection(context, {
    deliver,
    report: (code, values, packet, time) => {
      const connection = number() === 0 ? undefined : number()
      const place = { connection, firstPacket: packet, lastPacket: packet }
      const between = connection === undefined ? { between: endpoints } : {}
      emit(makeFinding(code, { ...values, ...between } as FindingValues<typeof code>, place, time))
    },
  })
}

/** Reports, once for all of them, the TLS connections that could not be decrypted because the capture had no secrets at all. */
export function reportWithoutSecrets({ withoutSecrets }: TlsContext, emit: Emit): void {
  if (withoutSecrets === 0) return
  emit(makeFinding('tls-secrets-missing', { what: 'connections', count: withoutSecrets }))
}
