// The parameters of permessage-deflate (RFC 7692 §7.1). In: what was offered and what was answered. Out: how both sides compress,
// and each parameter that breaks the rules. Such a parameter is read as a careful endpoint would read it.
import type { Deflate, Extension } from '../base/events.ts'
import type { ParameterFault } from '../base/finding-values.ts'
import { shortened } from '../base/shortened.ts'

/** RFC 7692 §7. */
export const PERMESSAGE_DEFLATE = 'permessage-deflate'

const SERVER_NO_CONTEXT_TAKEOVER = 'server_no_context_takeover'
const CLIENT_NO_CONTEXT_TAKEOVER = 'client_no_context_takeover'
const SERVER_MAX_WINDOW_BITS = 'server_max_window_bits'
const CLIENT_MAX_WINDOW_BITS = 'client_max_window_bits'
const LARGEST_WINDOW = 15
const SMALLEST_WINDOW = 8

/** What one list of parameters says. */
interface Parameters {
  readonly serverNoContextTakeover: boolean
  readonly clientNoContextTakeover: boolean
  /** 8 … 15; undefined if the parameter is missing or its value cannot be used. */
  readonly serverMaxWindowBits: number | undefined
  readonly clientMaxWindowBits: number | undefined
  /** In an offer: the client accepts a limit for itself. In an answer: it was given one. */
  readonly hasClientMaxWindowBits: boolean
  /** What breaks the rules. */
  readonly faults: readonly ParameterFault[]
}

/** What breaks RFC 7692 §7.1 in an offer. */
export function offerFaults(offer: Extension): readonly ParameterFault[] {
  return readParameters(offer, true).faults
}

/** How both sides compress by the server's answer, and what is wrong with it. `offers`: undefined if not all are known. */
export function readAnswer(
  answer: Extension,
  offers: readonly Extension[] | undefined,
): { deflate: Deflate; faults: readonly ParameterFault[] } {
  const answered = readParameters(answer, false)
  const faults = [...answered.faults]
  const offered = offers?.map((offer) => readParameters(offer, true))
  const reasons = offered?.map((offer) => misfit(answered, offer))
  // Several offers are alternatives (§5.1): the answer must fit one of them.
  if (reasons !== undefined && reasons.length > 0 && !reasons.includes(undefined)) faults.push(reasons[0]!)
  const mayLimitClient = offered === undefined || offered.some((offer) => offer.hasClientMaxWindowBits)
  const deflate = {
    client: {
      contextTakeover: !answered.clientNoContextTakeover,
      // A client that did not offer the parameter does not know it, and uses all of its window.
      windowBits: (mayLimitClient ? answered.clientMaxWindowBits : undefined) ?? LARGEST_WINDOW,
    },
    server: {
      contextTakeover: !answered.serverNoContextTakeover,
      windowBits: answered.serverMaxWindowBits ?? LARGEST_WINDOW,
    },
  }
  return { deflate, faults }
}

/** Why an answer does not fit an offer; undefined if it does. */
function misfit(answered: Parameters, offered: Parameters): ParameterFault | undefined {
  if (offered.serverNoContextTakeover && !answered.serverNoContextTakeover) {
    return { what: 'askedFor', parameter: SERVER_NO_CONTEXT_TAKEOVER }
  }
  if (offered.serverMaxWindowBits !== undefined) {
    const bits = answered.serverMaxWindowBits
    if (bits === undefined) return { what: 'askedFor', parameter: SERVER_MAX_WINDOW_BITS }
    const most = offered.serverMaxWindowBits
    if (bits > most) return { what: 'tooLargeForRequest', parameter: SERVER_MAX_WINDOW_BITS, bits, most }
  }
  if (answered.hasClientMaxWindowBits && !offered.hasClientMaxWindowBits) {
    return { what: 'notOffered', parameter: CLIENT_MAX_WINDOW_BITS }
  }
  const bits = answered.clientMaxWindowBits
  const most = offered.clientMaxWindowBits
  if (bits !== undefined && most !== undefined && bits > most) {
    return { what: 'tooLargeForOffer', parameter: CLIENT_MAX_WINDOW_BITS, bits, most }
  }
  return undefined
}

function readParameters(extension: Extension, isOffer: boolean): Parameters {
  const faults: ParameterFault[] = []
  const seen = new Map<string, string | null>()
  for (const [name, value] of extension.params) {
    if (!PARAMETERS.includes(name)) faults.push({ what: 'unknown', parameter: shortened(name, LONGEST) })
    else if (seen.has(name)) faults.push({ what: 'repeated', parameter: name })
    else seen.set(name, value)
  }
  for (const name of [SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER]) {
    const value = seen.get(name) ?? null
    if (value !== null)
      faults.push({ what: 'takesNoValue', parameter: name, value: shortened(value, LONGEST) })
  }
  const bits = (name: string, mayLackValue: boolean) => readWindowBits(name, seen, mayLackValue, faults)
  return {
    serverNoContextTakeover: seen.has(SERVER_NO_CONTEXT_TAKEOVER),
    clientNoContextTakeover: seen.has(CLIENT_NO_CONTEXT_TAKEOVER),
    serverMaxWindowBits: bits(SERVER_MAX_WINDOW_BITS, false),
    clientMaxWindowBits: bits(CLIENT_MAX_WINDOW_BITS, isOffer),
    hasClientMaxWindowBits: seen.has(CLIENT_MAX_WINDOW_BITS),
    faults,
  }
}

/** Characters of a parameter that a finding has. */
const LONGEST = 64

const PARAMETERS: readonly string[] = [
  SERVER_NO_CONTEXT_TAKEOVER,
  CLIENT_NO_CONTEXT_TAKEOVER,
  SERVER_MAX_WINDOW_BITS,
  CLIENT_MAX_WINDOW_BITS,
]

function readWindowBits(
  name: string,
  seen: ReadonlyMap<string, string | null>,
  mayLackValue: boolean,
  faults: ParameterFault[],
): number | undefined {
  const value = seen.get(name)
  if (value === undefined || (value === null && mayLackValue)) return undefined
  if (value === null) {
    faults.push({ what: 'withoutValue', parameter: name })
    return undefined
  }
  const bits = /^\d{1,8}$/.test(value) ? Number(value) : Number.NaN
  const isUsable = bits >= SMALLEST_WINDOW && bits <= LARGEST_WINDOW
  if (!isUsable) faults.push({ what: 'outOfRange', parameter: name, value: shortened(value, LONGEST) })
  else if (value !== String(bits))
    faults.push({ what: 'leadingZero', parameter: name, value: shortened(value, LONGEST) })
  return isUsable ? bits : undefined
}
