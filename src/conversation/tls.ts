// TLS below a conversation: opens the TLS connection of a TCP connection and puts what it has to report into findings.
import type { Emit } from '../base/events.ts'
import { type FindingValues, makeFinding } from '../base/findings.ts'
import type { Direction, StreamItem } from '../base/stream.ts'
import type { TcpConnection } from '../tcp/receiver.ts'
import { TlsConnection } from '../tls/connection.ts'
import type { TlsContext } from '../tls/context.ts'

/** The transport of what is decrypted: `deliver` gets it; `number` is that of the WebSocket connection, 0 as long as there is none. */
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

/** What is said once of all TLS connections of a capture that could not be decrypted because there were no secrets at all; undefined for none. */
export function reportWithoutSecrets({ withoutSecrets }: TlsContext, emit: Emit): void {
  if (withoutSecrets === 0) return
  emit(makeFinding('tls-secrets-missing', { what: 'connections', count: withoutSecrets }))
}
