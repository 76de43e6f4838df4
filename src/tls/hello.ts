// Reads ClientHello, ServerHello, EncryptedExtensions (RFC 8446 §4.1, §4.2, §4.3.1; RFC 5246 §7.4.1) and NewSessionTicket
// (RFC 5077 §3.3). In: the body of a message. Out: what it says; undefined if a length in it reaches past its end.
import { copy, fromHex, toLatin1 } from '../base/bytes.ts'

/** What framewalk uses of a ClientHello. */
export interface ClientHello {
  /** 32 bytes. */
  readonly random: Uint8Array
  /** One character a byte; may be empty. */
  readonly sessionId: string
  /** The host name that the client asks for (RFC 6066 §3). */
  readonly serverName: string | undefined
  /** The session ticket (RFC 5077 §3.2), one character a byte; empty if the client offers none. */
  readonly ticket: string
  readonly offersEarlyData: boolean
}

/** What framewalk uses of a ServerHello or a HelloRetryRequest. */
export interface ServerHello {
  /** 32 bytes. */
  readonly random: Uint8Array
  /** One character a byte; may be empty. */
  readonly sessionId: string
  /** The version that was negotiated: 0x0304 is TLS 1.3. */
  readonly version: number
  /** IANA's number. */
  readonly cipherSuite: number
  readonly isCompressed: boolean
  readonly isRetryRequest: boolean
  /** The protocol that the server chose (RFC 7301); in TLS 1.3 EncryptedExtensions say it instead. */
  readonly alpn: string | undefined
  /** RFC 7366. */
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

/** The name of a version that the user reads. */
export function versionName(version: number): string {
  return VERSIONS[version] ?? `version 0x${version.toString(16).padStart(4, '0')}`
}

/** Reads the body of a ClientHello. */
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

/** Reads the body of a ServerHello or a HelloRetryRequest. */
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

/** Reads EncryptedExtensions: which protocol the server chose, and whether it accepts early data. */
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

/** The ticket in a NewSessionTicket of TLS 1.2 (RFC 5077 §3.3), one character a byte; empty if there is none. */
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

/** The first name of the list, if it is a host name (type 0). */
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

/** Reads the vectors of RFC 8446 §3.4. At the end of the bytes, numbers and vectors are cut short and `hasFailed` is true. */
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

  /** A vector; its length comes before it, in `lengthBytes` bytes. */
  vector(lengthBytes: number): Uint8Array {
    return this.bytes(this.number(lengthBytes))
  }
}
