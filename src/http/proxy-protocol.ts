// The PROXY protocol's preface, versions 1 and 2 (haproxy.org/download/3.0/doc/proxy-protocol.txt §2): what a load balancer puts
// before the client's first byte. In: the bytes from the start of the connection. Out: how long it is and the endpoints it names.
import { toLatin1 } from '../base/bytes.ts'
import type { Endpoint } from '../base/events.ts'

/** The endpoints of the connection that the load balancer handed on. */
export interface ProxiedEndpoints {
  readonly client: Endpoint
  readonly server: Endpoint
}

/** What a preface says. */
export interface ProxyPreface {
  /** In bytes. */
  readonly length: number
  /** Undefined if it names none: UNKNOWN, LOCAL, a UNIX socket. */
  readonly endpoints: ProxiedEndpoints | undefined
}

/** §2.1: the longest line, with its CRLF. */
const LONGEST_LINE = 107
/** §2.2: signature, version and command, family, length. */
const V2_HEADER = 16

/**
 * The preface in `bytes[start … end)`, whose first bytes were recognized (openings.ts). `more` if it is not complete, `invalid`
 * if it breaks its own rules.
 */
export function readProxyPreface(
  bytes: Uint8Array,
  start: number,
  end: number,
): ProxyPreface | 'more' | 'invalid' {
  return bytes[start] === 0x0d ? readVersion2(bytes, start, end) : readVersion1(bytes, start, end)
}

function readVersion1(bytes: Uint8Array, start: number, end: number): ProxyPreface | 'more' | 'invalid' {
  const text = toLatin1(bytes, start, Math.min(end, start + LONGEST_LINE))
  const lineEnd = text.indexOf('\r\n')
  if (lineEnd === -1) return text.length < LONGEST_LINE ? 'more' : 'invalid'
  const length = lineEnd + 2
  const [, family, source = '', destination = '', sourcePort = '', destinationPort = '', rest] = text
    .slice(0, lineEnd)
    .split(' ')
  if (family === 'UNKNOWN') return { length, endpoints: undefined }
  if ((family !== 'TCP4' && family !== 'TCP6') || rest !== undefined) return 'invalid'
  const address = family === 'TCP4' ? ipv4 : ipv6
  const client = endpoint(address(source), sourcePort)
  const server = endpoint(address(destination), destinationPort)
  return client === undefined || server === undefined ? 'invalid' : { length, endpoints: { client, server } }
}

function endpoint(address: string | undefined, port: string): Endpoint | undefined {
  if (address === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 0xffff) return undefined
  return { address, port: Number(port) }
}

function ipv4(text: string): string | undefined {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
    ? text
    : undefined
}

/** In the form of RFC 5952, which a URL gives to its host. */
function ipv6(text: string): string | undefined {
  const url = `http://[${text}]/`
  return /^[0-9a-fA-F:.]+$/.test(text) && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined
}

function readVersion2(bytes: Uint8Array, start: number, end: number): ProxyPreface | 'more' | 'invalid' {
  if (end - start < V2_HEADER) return 'more'
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start)
  const versionAndCommand = view.getUint8(12)
  if (versionAndCommand !== 0x20 && versionAndCommand !== 0x21) return 'invalid'
  const length = V2_HEADER + view.getUint16(14)
  if (end - start < length) return 'more'
  const isLocal = versionAndCommand === 0x20
  return { length, endpoints: isLocal ? undefined : addresses(view, length) }
}

/** The endpoints in the address block. What follows it (type-length-value fields) is skipped. */
function addresses(view: DataView, length: number): ProxiedEndpoints | undefined {
  const family = view.getUint8(13) >> 4
  if (family !== 1 && family !== 2) return undefined
  const size = family === 1 ? 4 : 16
  if (length < V2_HEADER + 2 * size + 4) return undefined
  const ports = V2_HEADER + 2 * size
  return {
    client: { address: addressAt(view, V2_HEADER, size), port: view.getUint16(ports) },
    server: { address: addressAt(view, V2_HEADER + size, size), port: view.getUint16(ports + 2) },
  }
}

function addressAt(view: DataView, at: number, size: 4 | 16): string {
  if (size === 4) return Array.from({ length: 4 }, (_, i) => view.getUint8(at + i)).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(at + 2 * i).toString(16))
  return ipv6(groups.join(':'))!
}
