// zstd files made by hand, for what `zstd` never writes (RFC 8878 §3.1).
import { concat } from '../../../src/base/bytes.ts'
import { u8, u32 } from './packet-builder.ts'

const little32 = (value: number): Uint8Array => u32(value).reverse()
const little24 = (value: number): Uint8Array => little32(value).subarray(0, 3)

export const RAW = 0
export const RLE = 1
export const COMPRESSED = 2

/** A block: its kind, the length in its header, and what follows. */
export function zstdBlock(kind: number, length: number, content: Uint8Array, isLast = false): Uint8Array {
  return concat([little24((length << 3) | (kind << 1) | Number(isLast)), content])
}

/** A frame of these blocks, of which the last says so. `window`: the window descriptor; 0x58 is 2 MiB. */
export function zstdFrame(blocks: readonly Uint8Array[], window = 0x58, descriptor = 0): Uint8Array {
  return concat([u8(0x28, 0xb5, 0x2f, 0xfd, descriptor, window), ...blocks])
}

/** A frame that holds these bytes as they are. */
export function storedZstd(bytes: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < bytes.length || at === 0; at += LONGEST) {
    const part = bytes.subarray(at, at + LONGEST)
    blocks.push(zstdBlock(RAW, part.length, part, at + LONGEST >= bytes.length))
  }
  return zstdFrame(blocks)
}

/** A frame that decoders skip. */
export function skippableFrame(content: Uint8Array, number = 0): Uint8Array {
  return concat([u8(0x50 + number, 0x2a, 0x4d, 0x18), little32(content.length), content])
}

const LONGEST = 128 * 1024
