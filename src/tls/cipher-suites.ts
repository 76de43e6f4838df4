// The cipher suites that can be decrypted (IANA "TLS Cipher Suites"). In: a number. Out: how its records are protected, which the
// name of the suite says.

/** How the records of a suite are protected. */
export interface CipherSuite {
  readonly id: number
  /** As IANA has it: `TLS_AES_128_GCM_SHA256`. */
  readonly name: string
  readonly isTls13: boolean
  /** Whether the client sends the premaster secret under the server's RSA key (RFC 5246 §7.4.7.1). */
  readonly isRsaKeyExchange: boolean
  readonly mode: 'gcm' | 'ccm' | 'chacha20' | 'cbc'
  /** The name that node:crypto uses: `aes-128-gcm`. */
  readonly cipher: string
  /** In bytes. */
  readonly keyLength: number
  /** Bytes of the authentication tag; 0 with CBC. */
  readonly tagLength: number
  /** With CBC: the hash of the HMAC. */
  readonly mac: 'sha1' | 'sha256' | 'sha384' | undefined
  /** With CBC: bytes of the HMAC; otherwise 0. */
  readonly macLength: number
  /** The hash of the key schedule: of HKDF in TLS 1.3, of the PRF in TLS 1.2. */
  readonly hash: 'sha256' | 'sha384'
  /** In bytes. */
  readonly hashLength: number
}

const NAMES: Readonly<Record<number, string>> = {
  // RFC 8446 §B.4
  4865: 'TLS_AES_128_GCM_SHA256',
  4866: 'TLS_AES_256_GCM_SHA384',
  4867: 'TLS_CHACHA20_POLY1305_SHA256',
  4868: 'TLS_AES_128_CCM_SHA256',
  4869: 'TLS_AES_128_CCM_8_SHA256',
  // RFC 5246 §A.5
  47: 'TLS_RSA_WITH_AES_128_CBC_SHA',
  48: 'TLS_DH_DSS_WITH_AES_128_CBC_SHA',
  49: 'TLS_DH_RSA_WITH_AES_128_CBC_SHA',
  50: 'TLS_DHE_DSS_WITH_AES_128_CBC_SHA',
  51: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA',
  52: 'TLS_DH_anon_WITH_AES_128_CBC_SHA',
  53: 'TLS_RSA_WITH_AES_256_CBC_SHA',
  54: 'TLS_DH_DSS_WITH_AES_256_CBC_SHA',
  55: 'TLS_DH_RSA_WITH_AES_256_CBC_SHA',
  56: 'TLS_DHE_DSS_WITH_AES_256_CBC_SHA',
  57: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA',
  58: 'TLS_DH_anon_WITH_AES_256_CBC_SHA',
  60: 'TLS_RSA_WITH_AES_128_CBC_SHA256',
  61: 'TLS_RSA_WITH_AES_256_CBC_SHA256',
  62: 'TLS_DH_DSS_WITH_AES_128_CBC_SHA256',
  63: 'TLS_DH_RSA_WITH_AES_128_CBC_SHA256',
  64: 'TLS_DHE_DSS_WITH_AES_128_CBC_SHA256',
  103: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA256',
  104: 'TLS_DH_DSS_WITH_AES_256_CBC_SHA256',
  105: 'TLS_DH_RSA_WITH_AES_256_CBC_SHA256',
  106: 'TLS_DHE_DSS_WITH_AES_256_CBC_SHA256',
  107: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256',
  108: 'TLS_DH_anon_WITH_AES_128_CBC_SHA256',
  109: 'TLS_DH_anon_WITH_AES_256_CBC_SHA256',
  // RFC 4279 §2
  140: 'TLS_PSK_WITH_AES_128_CBC_SHA',
  141: 'TLS_PSK_WITH_AES_256_CBC_SHA',
  // RFC 5288 §3
  156: 'TLS_RSA_WITH_AES_128_GCM_SHA256',
  157: 'TLS_RSA_WITH_AES_256_GCM_SHA384',
  158: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
  159: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
  160: 'TLS_DH_RSA_WITH_AES_128_GCM_SHA256',
  161: 'TLS_DH_RSA_WITH_AES_256_GCM_SHA384',
  162: 'TLS_DHE_DSS_WITH_AES_128_GCM_SHA256',
  163: 'TLS_DHE_DSS_WITH_AES_256_GCM_SHA384',
  166: 'TLS_DH_anon_WITH_AES_128_GCM_SHA256',
  167: 'TLS_DH_anon_WITH_AES_256_GCM_SHA384',
  // RFC 5487 §2, §3
  168: 'TLS_PSK_WITH_AES_128_GCM_SHA256',
  169: 'TLS_PSK_WITH_AES_256_GCM_SHA384',
  170: 'TLS_DHE_PSK_WITH_AES_128_GCM_SHA256',
  171: 'TLS_DHE_PSK_WITH_AES_256_GCM_SHA384',
  174: 'TLS_PSK_WITH_AES_128_CBC_SHA256',
  175: 'TLS_PSK_WITH_AES_256_CBC_SHA384',
  // RFC 8422 §6
  49156: 'TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA',
  49157: 'TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA',
  49161: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  49162: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  49166: 'TLS_ECDH_RSA_WITH_AES_128_CBC_SHA',
  49167: 'TLS_ECDH_RSA_WITH_AES_256_CBC_SHA',
  49171: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  49172: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
  // RFC 5289 §3
  49187: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256',
  49188: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384',
  49189: 'TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256',
  49190: 'TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384',
  49191: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256',
  49192: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384',
  49193: 'TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256',
  49194: 'TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384',
  49195: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  49196: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  49197: 'TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256',
  49198: 'TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384',
  49199: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  49200: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  49201: 'TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256',
  49202: 'TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384',
  // RFC 5489 §3
  49205: 'TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA',
  49206: 'TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA',
  // RFC 6655 §3, §4
  49308: 'TLS_RSA_WITH_AES_128_CCM',
  49309: 'TLS_RSA_WITH_AES_256_CCM',
  49310: 'TLS_DHE_RSA_WITH_AES_128_CCM',
  49311: 'TLS_DHE_RSA_WITH_AES_256_CCM',
  49312: 'TLS_RSA_WITH_AES_128_CCM_8',
  49313: 'TLS_RSA_WITH_AES_256_CCM_8',
  49314: 'TLS_DHE_RSA_WITH_AES_128_CCM_8',
  49315: 'TLS_DHE_RSA_WITH_AES_256_CCM_8',
  49316: 'TLS_PSK_WITH_AES_128_CCM',
  49317: 'TLS_PSK_WITH_AES_256_CCM',
  49320: 'TLS_PSK_WITH_AES_128_CCM_8',
  49321: 'TLS_PSK_WITH_AES_256_CCM_8',
  // RFC 7251 §2
  49324: 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM',
  49325: 'TLS_ECDHE_ECDSA_WITH_AES_256_CCM',
  49326: 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8',
  49327: 'TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8',
  // RFC 7905 §2
  52392: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  52393: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  52394: 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  52395: 'TLS_PSK_WITH_CHACHA20_POLY1305_SHA256',
  52396: 'TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256',
  52397: 'TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256',
  52398: 'TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256',
  // RFC 8442 §3
  53249: 'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256',
  53250: 'TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384',
}

const MAC_LENGTHS = { sha1: 20, sha256: 32, sha384: 48 } as const
const MACS = { SHA: 'sha1', SHA256: 'sha256', SHA384: 'sha384' } as const
const PROTECTION = /(?:AES_(128|256)_(GCM|CCM|CBC)(_8)?|(CHACHA20)_POLY1305)(?:_(SHA(?:256|384)?))?$/

/** The suite with this number (0 … 65 535); undefined if it cannot be decrypted. */
export function cipherSuite(id: number): CipherSuite | undefined {
  const name = NAMES[id]
  const [, bits, mode, shortTag, , hash] = PROTECTION.exec(name ?? '') ?? []
  if (name === undefined) return undefined
  const mac = mode === 'CBC' ? MACS[hash as keyof typeof MACS] : undefined
  const usesSha384 = hash === 'SHA384'
  return {
    id,
    name,
    isTls13: id >> 8 === 0x13,
    isRsaKeyExchange: name.startsWith('TLS_RSA_WITH_'),
    mode: (mode?.toLowerCase() ?? 'chacha20') as CipherSuite['mode'],
    cipher: mode === undefined ? 'chacha20-poly1305' : `aes-${bits}-${mode.toLowerCase()}`,
    keyLength: bits === '128' ? 16 : 32,
    tagLength: mac !== undefined ? 0 : shortTag === undefined ? 16 : 8,
    mac,
    macLength: mac === undefined ? 0 : MAC_LENGTHS[mac],
    hash: usesSha384 ? 'sha384' : 'sha256',
    hashLength: usesSha384 ? 48 : 32,
  }
}

/** The name that the user reads: IANA's, or the number in hex (`0x00ff`) if the suite is not in the table. */
export function cipherSuiteName(id: number): string {
  return NAMES[id] ?? `0x${id.toString(16).padStart(4, '0')}`
}
