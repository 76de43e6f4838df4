// One TLS connection (RFC 8446, RFC 5246). In: the stream items of both directions, from the first record on. Out: the decrypted
// items, or a finding that says why there are none. Both hellos and the secrets say what protects the records; each direction
// then reads on by itself.
import type { TlsParameters } from '../base/events.ts'
import type { FindingValues } from '../base/findings.ts'
import { type Direction, opposite, type StreamItem, type Time } from '../base/stream.ts'
import { type CipherSuite, cipherSuite, cipherSuiteName } from './cipher-suites.ts'
import type { TlsContext } from './context.ts'
import { epochsOfMaster, epochsOfTraffic, fits } from './epochs.ts'
import { HandshakeType } from './handshake-messages.ts'
import {
  type ClientHello,
  readClientHello,
  readEncryptedExtensions,
  readServerHello,
  readSessionTicket,
  type ServerHello,
  versionName,
} from './hello.ts'
import { ProtectedStream, type Unkeyed } from './protected-stream.ts'
import { RsaKeyExchange } from './rsa-key-exchange.ts'
import type { SessionSecrets } from './secret-store.ts'

/** What is found in TLS. */
export type TlsFindingCode =
  | 'limit-reached'
  | 'tls-secrets-missing'
  | 'tls-suite-unsupported'
  | 'tls-record-unverified'

/** Is told what comes out of a TLS connection. */
export interface TlsListener {
  /** The next decrypted item of a direction. */
  deliver(direction: Direction, item: StreamItem): void
  /** A finding; `packet` and `time` say where the fault was noticed. */
  report<Code extends TlsFindingCode>(
    code: Code,
    values: FindingValues<Code>,
    packet: number,
    time: Time | undefined,
  ): void
}

const TLS_1_2 = 0x0303
const TLS_1_3 = 0x0304

/** Push the items of both directions; the decrypted ones go to the listener, perhaps only after later pushes or `retry`. */
export class TlsConnection {
  /** True once nothing more of this connection can be decrypted. */
  isGivenUp = false
  /** Set once both hellos were read. In TLS 1.3, `alpn` follows with the server's EncryptedExtensions. */
  parameters: TlsParameters | undefined
  readonly #context: TlsContext
  readonly #listener: TlsListener
  readonly #streams: readonly [ProtectedStream, ProtectedStream]
  #client: Direction = 0
  #clientHello: ClientHello | undefined
  #serverHello: ServerHello | undefined
  #suite: CipherSuite | undefined
  #alpn: string | undefined
  #hasRetried = false
  /** Whether the server accepts early data; undefined until that is known. */
  #acceptsEarlyData: boolean | undefined
  #masterSecret: Uint8Array | undefined
  readonly #keyExchange: RsaKeyExchange
  #isWaitingForSecrets = false
  #reportedUnverified = false
  #reportedTrials = false
  #arrivals = 0
  #packet = 0
  #time: Time | undefined

  constructor(context: TlsContext, listener: TlsListener) {
    this.#context = context
    this.#listener = listener
    this.#keyExchange = new RsaKeyExchange(context.cryptography, context.rsaKeys, context.budget)
    this.#streams = [this.#open(0), this.#open(1)]
  }

  /** True while items are held back because their secrets may still come. */
  get isWaitingForSecrets(): boolean {
    return this.#isWaitingForSecrets
  }

  /** Takes the next item of a direction; copies what it keeps. */
  push(direction: Direction, item: StreamItem): void {
    this.#packet = item.released
    this.#time = item.time
    const arrival = ++this.#arrivals
    if (!this.#streams[direction].push(item, arrival)) {
      this.#fail('limit-reached', { what: 'tls' })
      this.#streams[direction].push(item, arrival)
    }
    this.#goOn()
  }

  /** Goes on with what is held back. Call it when more secrets came, or when no more will come (`KeyLog.mayGrow`). */
  retry(): void {
    if (!this.#isWaitingForSecrets) return
    this.#unlock()
    this.#goOn()
  }

  /** Stops decrypting, and gives back what it holds. */
  release(): void {
    this.isGivenUp = true
    this.#isWaitingForSecrets = false
    this.#keyExchange.close()
    for (const stream of this.#streams) stream.giveUp()
  }

  #open(direction: Direction): ProtectedStream {
    return new ProtectedStream(
      direction,
      {
        message: (type, body) => this.#message(direction, type, body),
        helloLost: () => this.#failWithoutHello(),
        unverified: (packet, time) => this.#unverified(direction, packet, time),
        spent: (what) => this.#spent(what),
        renegotiated: () => this.#fail('tls-suite-unsupported', { what: 'renegotiated' }),
        deliver: (item) => {
          if (direction !== this.#client) this.#serverIsThrough()
          this.#listener.deliver(direction, item)
        },
      },
      this.#context,
    )
  }

  #goOn(): void {
    for (let goesOn = true; goesOn; ) {
      const [near, far] = this.#streams
      const [first, second] = near.waitsSince <= far.waitsSince ? [near, far] : [far, near]
      goesOn = first.resume() || second.resume()
    }
    // A side may end without a hello. Something was lost only if the other side has gone on, and so must have seen one.
    if (
      this.#streams.some(({ isOver, sawHello }) => isOver && !sawHello) &&
      this.#streams.some(({ isBlocked }) => isBlocked)
    )
      this.#failWithoutHello()
    this.#endKeyExchange()
  }

  /**
   * Gives up an RSA key exchange that cannot complete: the client has gone on without its part, or the server has gone on or
   * ended without its own.
   */
  #endKeyExchange(): void {
    const exchange = this.#keyExchange
    if (!exchange.isOpen || this.#suite === undefined || !this.#streams[this.#client].isBlocked) return
    const server = this.#serverStream
    const isWaitedFor = exchange.isThrough(this.#client) && !server.isBlocked && !server.isOver
    if (isWaitedFor) return
    exchange.close()
    this.#unlock()
    this.#goOn()
  }

  #message(direction: Direction, type: number, body: Uint8Array): void {
    this.#takeMessage(direction, type, body)
    if (!this.#keyExchange.isOpen) return
    this.#keyExchange.take(direction, type, body)
    if (this.#keyExchange.isComplete && this.#suite !== undefined) this.#unlock()
  }

  #takeMessage(direction: Direction, type: number, body: Uint8Array): void {
    const stream = this.#streams[direction]
    if (type === HandshakeType.clientHello && this.#clientHello === undefined) {
      this.#clientHello = readClientHello(body)
      if (this.#clientHello === undefined) this.#failWithoutHello()
      this.#client = direction
      stream.sawHello = true
      this.#agree()
    } else if (type === HandshakeType.serverHello && this.#serverHello === undefined) {
      const hello = readServerHello(body)
      stream.awaitsSecondHello = hello?.isRetryRequest === true
      stream.sawHello = !stream.awaitsSecondHello
      if (hello?.isRetryRequest) this.#hasRetried = true
      else if (hello === undefined) this.#failWithoutHello()
      else {
        this.#serverHello = hello
        this.#alpn = hello.alpn
        this.#client = opposite(direction)
        this.#agree()
      }
    } else if (type === HandshakeType.encryptedExtensions && direction !== this.#client) {
      const extensions = readEncryptedExtensions(body)
      this.#alpn = extensions?.alpn
      this.#acceptsEarlyData ??= extensions?.acceptsEarlyData ?? false
      this.#describe()
      this.#unlockClient()
    } else if (type === HandshakeType.newSessionTicket && this.#masterSecret !== undefined) {
      if (!this.#suite?.isTls13) this.#context.sessions.remember(readSessionTicket(body), this.#masterSecret)
    } else if (type === HandshakeType.finished && direction !== this.#client) this.#serverIsThrough()
  }

  /** Once both hellos were read: decides whether the connection can be decrypted, and with which keys. */
  #agree(): void {
    const { clientHello, serverHello } = { clientHello: this.#clientHello, serverHello: this.#serverHello }
    if (clientHello === undefined || serverHello === undefined || this.isGivenUp) return
    const suite = cipherSuite(serverHello.cipherSuite)
    this.#describe()
    const { version } = serverHello
    if (suite === undefined || version !== (suite.isTls13 ? TLS_1_3 : TLS_1_2) || serverHello.isCompressed) {
      const { version, cipherSuite } = this.parameters!
      const { isCompressed } = serverHello
      this.#fail('tls-suite-unsupported', { what: 'suite', version, cipherSuite, isCompressed })
      return
    }
    this.#suite = suite
    if (!suite.isRsaKeyExchange) this.#keyExchange.close()
    this.#unlock()
  }

  #describe(): void {
    // EncryptedExtensions may come without a ServerHello, from whoever wants to hurt the reader.
    if (this.#serverHello === undefined) return
    const { version, cipherSuite } = this.#serverHello
    this.parameters = {
      version: versionName(version),
      cipherSuite: cipherSuiteName(cipherSuite),
      serverName: this.#clientHello?.serverName ?? null,
      alpn: this.#alpn ?? null,
    }
  }

  #unlock(): void {
    const { keyLog } = this.#context
    const secrets = this.#secrets()
    this.#isWaitingForSecrets = !this.#suffice(secrets) && keyLog.mayGrow
    if (this.#isWaitingForSecrets) return
    if (this.#suite!.isTls13) this.#unlock13(secrets)
    else this.#unlock12(secrets)
  }

  #secrets(): SessionSecrets {
    const { random } = this.#clientHello!
    return this.#context.keyLog.find(random) ?? {}
  }

  #suffice(secrets: SessionSecrets): boolean {
    if (!this.#suite!.isTls13) return this.#masterOf(secrets) !== undefined
    const { CLIENT_TRAFFIC_SECRET_0, SERVER_TRAFFIC_SECRET_0 } = secrets
    return CLIENT_TRAFFIC_SECRET_0 !== undefined && SERVER_TRAFFIC_SECRET_0 !== undefined
  }

  /** The master secret of TLS 1.2: the key log's, that of the resumed session, or the one that an RSA key opens. */
  #masterOf(secrets: SessionSecrets): Uint8Array | undefined {
    const { clientHello, serverHello } = { clientHello: this.#clientHello!, serverHello: this.#serverHello! }
    this.#masterSecret ??=
      secrets.CLIENT_RANDOM ??
      this.#context.sessions.resumed(clientHello, serverHello) ??
      this.#keyExchange.masterSecret(this.#suite!, this.#client, clientHello, serverHello)
    return this.#masterSecret
  }

  #unlock12(secrets: SessionSecrets): void {
    const master = this.#masterOf(secrets)
    if (master === undefined) {
      if (!this.#keyExchange.isOpen) this.#missSecrets({})
      return
    }
    this.#keyExchange.close()
    const serverHello = this.#serverHello!
    this.#context.sessions.remember(serverHello.sessionId, master)
    const [ours, theirs] = epochsOfMaster(
      this.#context.cryptography,
      this.#suite!,
      master,
      this.#clientHello!.random,
      serverHello,
    )
    this.#streams[this.#client].unlock(ours, false, 'none')
    this.#serverStream.unlock(theirs, false, 'none')
  }

  #unlock13(secrets: SessionSecrets): void {
    const suite = this.#suite!
    const { SERVER_HANDSHAKE_TRAFFIC_SECRET: handshake, SERVER_TRAFFIC_SECRET_0: application } = secrets
    const offersEarlyData = this.#clientHello!.offersEarlyData && !this.#hasRetried
    if (!offersEarlyData || !fits(suite, handshake) || !fits(suite, application))
      this.#acceptsEarlyData = false
    if (!fits(suite, application) || !fits(suite, secrets.CLIENT_TRAFFIC_SECRET_0)) this.#missSecrets(secrets)
    if (fits(suite, application)) {
      const epochs = epochsOfTraffic(this.#context.cryptography, suite, [
        ['handshake', handshake],
        ['application', application],
      ])
      this.#serverStream.unlock(epochs, true, epochs.length < 2 ? 'no-data' : 'none')
    } else this.#serverStream.giveUp()
    this.#unlockClient()
  }

  /** Early data is shown only if the server accepts it: the client sends refused early data again. */
  #unlockClient(): void {
    const stream = this.#streams[this.#client]
    const suite = this.#suite
    if (this.#acceptsEarlyData === undefined || suite?.isTls13 !== true || stream.isUnlocked) return
    const secrets = this.#secrets()
    const early = this.#acceptsEarlyData ? secrets.CLIENT_EARLY_TRAFFIC_SECRET : undefined
    const { CLIENT_HANDSHAKE_TRAFFIC_SECRET: handshake, CLIENT_TRAFFIC_SECRET_0: application } = secrets
    if (!fits(suite, application)) {
      stream.giveUp()
      return
    }
    const epochs = epochsOfTraffic(this.#context.cryptography, suite, [
      ['early', early],
      ['handshake', handshake],
      ['application', application],
    ])
    const isEarlyLost = this.#acceptsEarlyData && epochs[0]!.kind !== 'early'
    const hasUnkeyed =
      (this.#clientHello!.offersEarlyData && epochs[0]!.kind !== 'early') || !fits(suite, handshake)
    const unkeyed: Unkeyed = isEarlyLost ? 'data' : hasUnkeyed ? 'no-data' : 'none'
    if (isEarlyLost) this.#missSecrets(secrets)
    stream.unlock(epochs, true, unkeyed)
  }

  /** The server's part of the handshake is over. A server that has not said by now that it accepts early data does not. */
  #serverIsThrough(): void {
    if (this.#acceptsEarlyData !== undefined || this.#isWaitingForSecrets) return
    this.#acceptsEarlyData = false
    this.#unlockClient()
  }

  get #serverStream(): ProtectedStream {
    return this.#streams[opposite(this.#client)]
  }

  #missSecrets(secrets: SessionSecrets): void {
    const hasSome = Object.keys(secrets).length > 0
    if (hasSome) {
      this.#report('tls-secrets-missing', { what: 'some' })
      return
    }
    const { keyLog, rsaKeys } = this.#context
    const { isRsaKeyExchange, name } = this.#suite!
    this.#fail('tls-secrets-missing', {
      what: 'all',
      hasKeyLog: keyLog.isGiven,
      rsaKeys: rsaKeys.length === 0 ? null : isRsaKeyExchange ? 'doNotFit' : 'notUsed',
      cipherSuite: name,
    })
  }

  #unverified(direction: Direction, packet: number, time: Time | undefined): void {
    if (this.#reportedUnverified) return
    this.#reportedUnverified = true
    const from = direction === this.#client ? 'client' : 'server'
    this.#listener.report('tls-record-unverified', { from }, packet, time)
  }

  /** Other connections may earn new trials, so one that has none left reads on; without the next keys, none can. */
  #spent(what: 'tlsTrials' | 'tlsKeyUpdates'): void {
    if (what === 'tlsKeyUpdates') this.#fail('limit-reached', { what })
    else if (!this.#reportedTrials) this.#report('limit-reached', { what })
    this.#reportedTrials = true
  }

  /** The hellos hold the randoms, without which no key can be made. */
  #failWithoutHello(): void {
    this.#fail('tls-secrets-missing', { what: 'handshake' })
  }

  /** What is not decrypted by now never will be. */
  #fail<Code extends TlsFindingCode>(code: Code, values: FindingValues<Code>): void {
    if (this.isGivenUp) return
    this.#report(code, values)
    this.release()
  }

  /** Without any secrets, connections are only counted: one finding covers all of them. */
  #report<Code extends TlsFindingCode>(code: Code, values: FindingValues<Code>): void {
    if (this.#context.hasSecrets) this.#listener.report(code, values, this.#packet, this.#time)
    else this.#context.withoutSecrets++
  }
}
