// What protects the records of a connection, from what was negotiated and the secrets that are known: the epochs of a direction, in order.
import type { Cryptography } from '../platform/platform.ts'
import type { CipherSuite } from './cipher-suites.ts'
import type { Epoch } from './epochs.ts'
import type { ServerHello } from './hello.ts'
import { writeKeys } from './key-schedule.ts'
import { AeadProtection, CbcProtection, TrafficProtection } from './record-protection.ts'

/** TLS 1.2: of both directions, the client's first. */
export function epochsOfMaster(
  cryptography: Cryptography,
  suite: CipherSuite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  { random, encryptThenMac }: ServerHello,
): readonly [Epoch[], Epoch[]] {
  const [client, server] = writeKeys(cryptography, suite, master, clientRandom, random).map(
    (keys): Epoch[] => {
      const protection =
        suite.mode === 'cbc'
          ? new CbcProtection(cryptography, suite, keys, encryptThenMac)
          : new AeadProtection(cryptography, suite, keys)
      return [{ kind: 'application', protection }]
    },
  )
  return [client!, server!]
}

/** TLS 1.3: those of which the secret is known. */
export function epochsOfTraffic(
  cryptography: Cryptography,
  suite: CipherSuite,
  secrets: ReadonlyArray<readonly [Epoch['kind'], Uint8Array | undefined]>,
): Epoch[] {
  return secrets.flatMap(([kind, secret]) =>
    fits(suite, secret) ? [{ kind, protection: new TrafficProtection(cryptography, suite, secret) }] : [],
  )
}

/** Whether there is a secret, and it is as long as those of the suite are. */
export function fits(suite: CipherSuite, secret: Uint8Array | undefined): secret is Uint8Array {
  return secret?.length === suite.hashLength
}
