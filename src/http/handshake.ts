// Judges the opening handshake (RFC 6455 §4.1, §4.2 and §9.1, RFC 7692 §7.1). In: the heads of an upgrade. Out: what was agreed,
// and findings. If a head, or the end of one, was not captured, the headers that it may have had are not judged.
import type { Deflate, Endpoint, Extension, Head } from '../base/events.ts'
import type { ParameterFault } from '../base/finding-values.ts'
import type { FindingCode, FindingValues } from '../base/findings.ts'
import { shortened } from '../base/shortened.ts'
import type { Side } from '../base/stream.ts'
import type { AcceptFor } from './accept.ts'
import { offerFaults, PERMESSAGE_DEFLATE, readAnswer } from './deflate-parameters.ts'
import type { Upgrade } from './exchanges.ts'
import { type ExtensionList, parseExtensions } from './extensions.ts'
import { headerValue, headerValues, listElements } from './header-values.ts'

/** A finding without a connection and packets: it gets those of the head of the side at fault. */
export interface HandshakeFinding {
  readonly code: FindingCode
  readonly values: FindingValues
  readonly from: Side
}

/** What a handshake agreed on. */
export interface JudgedHandshake {
  /** The one that the server answered, whether it was offered or not; null if it answered none. */
  readonly subprotocol: string | null
  /** The extensions that the server accepted. */
  readonly extensions: readonly Extension[]
  readonly deflate: Deflate | null
  /** Undefined unless both the key and the accept were captured. */
  readonly acceptCorrect: boolean | undefined
  readonly findings: readonly HandshakeFinding[]
}

type Heads = Pick<Upgrade, 'request' | 'response' | 'requestCut' | 'responseCut'>
type Fault = <Code extends FindingCode>(code: Code, from: Side, values: FindingValues<Code>) => void

/** Judges the heads of an upgrade. `isHttp2`: there is neither a key nor an accept (RFC 8441 §5). */
export function judgeHandshake(upgrade: Heads, acceptFor: AcceptFor, isHttp2 = false): JudgedHandshake {
  const findings: HandshakeFinding[] = []
  const fault: Fault = (code, from, values) => findings.push({ code, from, values })
  if (!isHttp2) judgeKey(upgrade, fault)
  judgeVersion(upgrade, fault)
  const acceptCorrect = isHttp2 ? undefined : judgeAccept(upgrade, acceptFor, fault)
  const { extensions, deflate } = judgeExtensions(upgrade, fault)
  const subprotocol = judgeSubprotocol(upgrade, fault)
  return { subprotocol, extensions, deflate, acceptCorrect, findings }
}

/**
 * The URL: `ws://` or `wss://`, the Host header (or the server's address and port if there is none), and the target as it was
 * sent. Null if no request was captured.
 */
export function handshakeUrl(
  { request }: Pick<Upgrade, 'request'>,
  server: Endpoint,
  secure: boolean,
): string | null {
  if (request === null) return null
  const target = targetOf(request.startLine)
  const scheme = secure ? 'wss' : 'ws'
  // Through a proxy the target is the whole URL (RFC 9112 §3.2.2), and replaces the Host header.
  const absolute = /^(?:https?|wss?):\/\//i.exec(target)
  if (absolute !== null) return `${scheme}://${target.slice(absolute[0].length)}`
  const host = headerValue(request, 'host')
  return `${scheme}://${host || hostOf(server)}${target}`
}

/** The part between the method and the version (RFC 9112 §3); the line has both. */
function targetOf(requestLine: string): string {
  const start = requestLine.indexOf(' ') + 1
  return requestLine.slice(start, requestLine.indexOf(' ', start))
}

/** A host for a URL if no header names one. */
export function hostOf({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** RFC 6455 §4.1: 16 bytes in base64. Only two bits of the last digit count, so it is one of four. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/
const VERSION = '13'

function judgeKey({ request, requestCut }: Heads, fault: Fault): void {
  if (request === null) return
  const keys = headerValues(request, 'sec-websocket-key')
  const [key] = keys
  if (keys.length > 1) fault('key-invalid', 'client', { what: 'several', count: keys.length })
  else if (key === undefined) {
    if (!requestCut) fault('key-invalid', 'client', { what: 'missing' })
  } else if (!KEY.test(key)) {
    fault('key-invalid', 'client', { what: 'malformed', key: shortened(key) })
  }
}

function judgeVersion({ request, requestCut }: Heads, fault: Fault): void {
  if (request === null) return
  const versions = headerValues(request, 'sec-websocket-version')
  if (versions.length === 0) {
    if (!requestCut) fault('version-unsupported', 'client', { version: null })
  } else if (versions.length > 1 || versions[0] !== VERSION) {
    fault('version-unsupported', 'client', { version: shortened(versions.join(', ')) })
  }
}

function judgeAccept(
  { request, response, responseCut }: Heads,
  acceptFor: AcceptFor,
  fault: Fault,
): boolean | undefined {
  if (response === null) return undefined
  const accepts = headerValues(response, 'sec-websocket-accept')
  if (accepts.length === 0) {
    if (!responseCut) fault('accept-missing', 'server', {})
    return undefined
  }
  const key = request === null ? undefined : headerValue(request, 'sec-websocket-key')
  if (key === undefined) return undefined
  const expected = acceptFor(key)
  const wrong = accepts.find((accept) => accept !== expected)
  if (wrong === undefined) return true
  fault('accept-mismatch', 'server', { accept: shortened(wrong), key: shortened(key), expected })
  return false
}

const EXTENSIONS = 'sec-websocket-extensions'
const NO_EXTENSIONS: ExtensionList = { extensions: [], malformed: undefined }

function judgeExtensions(
  upgrade: Heads,
  fault: Fault,
): { extensions: readonly Extension[]; deflate: Deflate | null } {
  const { request, response, requestCut } = upgrade
  const offered = request === null ? undefined : readList(request, 'client', fault)
  // A gap, or a malformed list, may hide offers: what looks unoffered may be among them.
  const offers = requestCut || offered?.malformed !== undefined ? undefined : offered?.extensions
  for (const offer of offered?.extensions ?? []) {
    if (offer.name === PERMESSAGE_DEFLATE) reportFaults('client', 'offer', offerFaults(offer), fault)
  }
  if (response === null) return { extensions: [], deflate: null }
  const { extensions } = readList(response, 'server', fault)
  if (extensions.length === 0) return { extensions, deflate: null }
  const names = new Set(offers?.map(({ name }) => name))
  const unoffered = new Set(
    extensions.map(({ name }) => name).filter((name) => offers !== undefined && !names.has(name)),
  )
  for (const name of unoffered) {
    fault('extension-not-offered', 'server', { extension: shortened(name) })
  }
  return { extensions, deflate: judgeDeflate(extensions, offers, fault) }
}

function judgeDeflate(
  extensions: readonly Extension[],
  offers: readonly Extension[] | undefined,
  fault: Fault,
): Deflate | null {
  const isDeflate = ({ name }: Extension) => name === PERMESSAGE_DEFLATE
  const answers = extensions.filter(isDeflate)
  const [answer] = answers
  if (answer === undefined) return null
  if (answers.length > 1)
    reportFaults('server', 'answer', [{ what: 'several', count: answers.length }], fault)
  const { deflate, faults } = readAnswer(answer, offers?.filter(isDeflate))
  reportFaults('server', 'answer', faults, fault)
  return deflate
}

function readList(head: Head, from: Side, fault: Fault): ExtensionList {
  const values = headerValues(head, EXTENSIONS)
  if (values.length === 0) return NO_EXTENSIONS
  const list = parseExtensions(values)
  if (list.malformed !== undefined) {
    fault('extension-params-invalid', from, { what: 'unreadable', from, text: shortened(list.malformed) })
  }
  return list
}

function reportFaults(
  from: Side,
  list: 'offer' | 'answer',
  faults: readonly ParameterFault[],
  fault: Fault,
): void {
  for (const each of faults) fault('extension-params-invalid', from, { from, in: list, ...each })
}

const SUBPROTOCOL = 'sec-websocket-protocol'

function judgeSubprotocol({ request, response, requestCut }: Heads, fault: Fault): string | null {
  if (response === null) return null
  const answered = listElements(response, SUBPROTOCOL)
  const [subprotocol] = answered
  if (subprotocol === undefined) return null
  const offered = request === null ? undefined : listElements(request, SUBPROTOCOL)
  const chosen = shortened(answered.join(', '))
  if (answered.length > 1) fault('subprotocol-not-offered', 'server', { what: 'several', chosen })
  else if (offered !== undefined && !requestCut && !offered.includes(subprotocol)) {
    const offer = offered.length === 0 ? null : shortened(offered.join(', '))
    fault('subprotocol-not-offered', 'server', { what: 'notOffered', chosen, offered: offer })
  }
  return subprotocol
}
