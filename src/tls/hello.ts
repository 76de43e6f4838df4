// What ClientHello, ServerHello and EncryptedExtensions say (RFC 8446 §4.1, §4.2, §4.3.1; RFC 5246 §7.4.1). Bodies in, records out; undefined
// where a body contradicts itself.
import { copy, fromHex, toLatin1 } from '../base/bytes.ts'

export interface ClientHello {
  /** 32 bytes. */
  readonly random: Uint8Array
  readonly sessionId: string
  /** The name that the client asks for (RFC 6066 §3). */
  readonly serverName: string | undefined
  /** The session ticket (RFC 5077 §3.2), one character a byte; empty where it has none to offer. */
  readonly ticket: string
  readonly offersEarlyData: boolean
}

export interface ServerHello {
  /** 32 bytes. */
  readonly random: Uint8Array
  readonly sessionId: string
  /** The version that was negotiated: 0x0304 is TLS 1.3. */
  readonly version: number
  readonly cipherSuite: number
  readonly isCompressed: boolean
  readonly isRetryRequest: boolean
  readonly alpn: string | undefined
  readonly encryptThenMac: boolean
  /** RFC 7627. */
  readonly extendedMasterSecret: boolean
}

/** Extension numbers (IANA "TLS ExtensionType Values"). */
const Extension = {
  serverName: 0,
  alpn: 16,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  earlyData: 42,
  supportedVersions: 43,
} as const

/** RFC 8446 §4.1.3: the random of a ServerHello that is a HelloRetryRequest. */
const RETRY_REQUEST = fromHex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c')
const RANDOM_LENGTH = 32

const VERSIONS: Readonly<Record<number, string>> = {
  768: 'SSL 3.0',
  769: 'TLS 1.0',
  770: 'TLS 1.1',
  771: 'TLS 1.2',
  772: 'TLS 1.3',
}

/** How a version is named to the user. */
export function versionName(version: number): string {
  return VERSIONS[version] ?? `version 0x${version.toString(16).padStart(4, '0')}`
}

/** Takes a ClientHello apart. */
export function readClientHello(body: Uint8Array): ClientHello | undefined {
  const reader = new Reader(body)
  reader.bytes(2)
  const random = copy(reader.bytes(RANDOM_LENGTH))
  const sessionId = toLatin1(reader.vector(1))
  reader.vector(2)
  reader.vector(1)
  const extensions = readExtensions(reader.isAtEnd ? undefined : reader.vector(2))
  if (reader.hasFailed || extensions === undefined) return undefined
  const ticket = extensions.get(Extension.sessionTicket)
  return {
    random,
    sessionId,
    serverName: readServerName(extensions.get(Extension.serverName)),
    ticket: ticket === undefined ? '' : toLatin1(ticket),
    offersEarlyData: extensions.has(Extension.earlyData),
  }
}

/** Takes a ServerHello or a HelloRetryRequest apart. */
export function readServerHello(body: Uint8Array): ServerHello | undefined {
  const reader = new Reader(body)
  const legacyVersion = reader.number(2)
  const random = copy(reader.bytes(RANDOM_LENGTH))
  const sessionId = toLatin1(reader.vector(1))
  const cipherSuite = reader.number(2)
  const isCompressed = reader.number(1) !== 0
  const extensions = readExtensions(reader.isAtEnd ? undefined : reader.vector(2))
  if (reader.hasFailed || extensions === undefined) return undefined
  const selected = extensions.get(Extension.supportedVersions)
  return {
    random,
    sessionId,
    version: selected?.length === 2 ? new Reader(selected).number(2) : legacyVersion,
    cipherSuite,
    isCompressed,
    isRetryRequest: random.every((byte, i) => byte === RETRY_REQUEST[i]),
    alpn: readAlpn(extensions.get(Extension.alpn)),
    encryptThenMac: extensions.has(Extension.encryptThenMac),
    extendedMasterSecret: extensions.has(Extension.extendedMasterSecret),
  }
}

/** What the server says under encryption: which protocol it chose, and whether it takes early data. */
export function readEncryptedExtensions(
  body: Uint8Array,
): { readonly alpn: string | undefined; readonly acceptsEarlyData: boolean } | undefined {
  const reader = new Reader(body)
  const extensions = readExtensions(reader.vector(2))
  if (reader.hasFailed || extensions === undefined) return undefined
  return {
    alpn: readAlpn(extensions.get(Extension.alpn)),
    acceptsEarlyData: extensions.has(Extension.earlyData),
  }
}

/** The ticket in a NewSessionTicket of TLS 1.2 (RFC 5077 §3.3), one character a byte; empty where there is none. */
export function readSessionTicket(body: Uint8Array): string {
  const reader = new Reader(body)
  reader.bytes(4)
  const ticket = reader.vector(2)
  return reader.hasFailed ? '' : toLatin1(ticket)
}

function readExtensions(bytes: Uint8Array | undefined): ReadonlyMap<number, Uint8Array> | undefined {
  const extensions = new Map<number, Uint8Array>()
  if (bytes === undefined) return extensions
  const reader = new Reader(bytes)
  while (!reader.isAtEnd && !reader.hasFailed) extensions.set(reader.number(2), reader.vector(2))
  return reader.hasFailed ? undefined : extensions
}

/** The first host name of the list. */
function readServerName(extension: Uint8Array | undefined): string | undefined {
  if (extension === undefined) return undefined
  const names = new Reader(new Reader(extension).vector(2))
  const type = names.number(1)
  const name = names.vector(2)
  return type === 0 && !names.hasFailed && name.length > 0 ? toLatin1(name) : undefined
}

/** RFC 7301 §3.1: the server names one protocol. */
function readAlpn(extension: Uint8Array | undefined): string | undefined {
  if (extension === undefined) return undefined
  const names = new Reader(new Reader(extension).vector(2))
  const name = names.vector(1)
  return names.hasFailed ? undefined : toLatin1(name)
}

/** Reads the vectors of RFC 8446 §3.4; what is not there is zeros and empty, and `hasFailed` says so. */
class Reader {
  hasFailed = false
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  bytes(length: number): Uint8Array {
    const start = this.#at
    if (start + length > this.#bytes.length) this.hasFailed = true
    this.#at = Math.min(start + length, this.#bytes.length)
    return this.#bytes.subarray(start, this.#at)
  }

  number(length: number): number {
    let number = 0
    for (const byte of this.bytes(length)) number = number * 256 + byte
    return number
  }

  /** A vector with a length of so many bytes before it. */
  vector(lengthBytes: number): Uint8Array {
    return this.bytes(this.number(lengthBytes))
  }
}
