// TLS 1.3 made by hand, for what node:tls cannot do: early data, padding, key updates. AES-128-GCM, with secrets that the test
// chooses.
import { createCipheriv } from 'node:crypto'
import { concat } from '../../../src/base/bytes.ts'
import { cryptography } from '../../../src/platform/node/cryptography.ts'
import { expandLabel } from '../../../src/tls/key-schedule.ts'
import { u8, u16, zeros } from './packet-builder.ts'

/** Secrets that are easy to tell apart, by the labels of the key log. */
export const SECRETS = {
  CLIENT_EARLY_TRAFFIC_SECRET: new Uint8Array(32).fill(1),
  CLIENT_HANDSHAKE_TRAFFIC_SECRET: new Uint8Array(32).fill(2),
  SERVER_HANDSHAKE_TRAFFIC_SECRET: new Uint8Array(32).fill(3),
  CLIENT_TRAFFIC_SECRET_0: new Uint8Array(32).fill(4),
  SERVER_TRAFFIC_SECRET_0: new Uint8Array(32).fill(5),
} as const
/** The random of the ClientHello, by which the key log names the session. */
export const RANDOM: Uint8Array = new Uint8Array(32).fill(0x52)

/** The key log of these secrets, or of those with the labels. */
export function keyLogOf(labels: readonly string[] = Object.keys(SECRETS)): string {
  const lines = labels.map((label) => [label, RANDOM, SECRETS[label as keyof typeof SECRETS]] as const)
  return lines.map(([label, random, secret]) => `${label} ${hexOf(random)} ${hexOf(secret)}\n`).join('')
}

/** A handshake message (RFC 8446 §4). */
export function handshake(type: number, body: Uint8Array = zeros(0)): Uint8Array {
  return concat([u8(type, 0), u16(body.length), body])
}

/** A record that is not encrypted (RFC 8446 §5.1). */
export function plainRecord(type: number, content: Uint8Array): Uint8Array {
  return concat([u8(type, 3, 3), u16(content.length), content])
}

/** An extension of a hello (RFC 8446 §4.2). */
export function extension(type: number, body: Uint8Array = zeros(0)): Uint8Array {
  return concat([u16(type), u16(body.length), body])
}

/** The record of a ClientHello. */
export function clientHello(...extensions: readonly Uint8Array[]): Uint8Array {
  const head = concat([u16(0x0303), RANDOM, u8(0), u16(2), u16(0x1301), u8(1, 0)])
  return plainRecord(22, handshake(1, concat([head, vectorOf(extensions)])))
}

/** The record of a ServerHello of TLS 1.3. */
export function serverHello(): Uint8Array {
  const head = concat([u16(0x0303), new Uint8Array(32).fill(0x53), u8(0), u16(0x1301), u8(0)])
  return plainRecord(22, handshake(2, concat([head, vectorOf([extension(43, u16(0x0304))])])))
}

/** The EncryptedExtensions message (RFC 8446 §4.3.1). */
export function encryptedExtensions(...extensions: readonly Uint8Array[]): Uint8Array {
  return handshake(8, vectorOf(extensions))
}

/** Protects the records of one secret, one after the other. */
export function sealer(
  secret: Uint8Array,
): (type: number, content: Uint8Array, padding?: number) => Uint8Array {
  const key = expandLabel(cryptography, 'sha256', secret, 'key', 16)
  const iv = expandLabel(cryptography, 'sha256', secret, 'iv', 12)
  let sequence = 0
  return (type, content, padding = 0) => {
    const inner = concat([content, u8(type), zeros(padding)])
    const header = concat([u8(23, 3, 3), u16(inner.length + 16)])
    const nonce = Uint8Array.from(iv)
    for (let at = 0; at < 4; at++) nonce[11 - at]! ^= (sequence >>> (8 * at)) & 0xff
    sequence++
    const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(header)
    return concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()])
  }
}

/** The secret after a KeyUpdate. */
export function updated(secret: Uint8Array): Uint8Array {
  return expandLabel(cryptography, 'sha256', secret, 'traffic upd', 32)
}

function vectorOf(parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts)
  return concat([u16(body.length), body])
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
