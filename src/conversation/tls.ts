// TLS below a conversation: opens the TLS connection of a TCP connection and puts what it has to report into findings.
import type { Emit } from '../base/events.ts'
import { makeFinding } from '../base/findings.ts'
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
  { endpoints: [first, second] }: TcpConnection,
  emit: Emit,
  deliver: (direction: Direction, item: StreamItem) => void,
  number: () => number,
): TlsConnection {
  return new TlsConnection(context, {
    deliver,
    report: (code, message, packet, time) => {
      const between = `between ${first.address} port ${first.port} and ${second.address} port ${second.port}`
      const connection = number() === 0 ? undefined : number()
      const place = { connection, firstPacket: packet, lastPacket: packet }
      emit(makeFinding(code, connection === undefined ? `${message} (TCP ${between})` : message, place, time))
    },
  })
}

/** Reports, once for all of them, the TLS connections that could not be decrypted because the capture had no secrets at all. */
export function reportWithoutSecrets({ withoutSecrets }: TlsContext, emit: Emit): void {
  if (withoutSecrets === 0) return
  const what = withoutSecrets === 1 ? 'One TLS connection is' : `${withoutSecrets} TLS connections are`
  const message = `${what} not decrypted: there is no key log (--keylog), and the capture holds no secrets.`
  emit(makeFinding('tls-secrets-missing', message))
}
