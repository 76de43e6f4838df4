// pcapng (draft-ietf-opsawg-pcapng). In: a queue of the file's bytes. Out: one Packet for each Enhanced, Simple or obsolete
// Packet Block, and the secrets of Decryption Secrets Blocks. A section may change the byte order. Other blocks are skipped
// without being buffered.
import { NO_BYTES } from '../base/bytes.ts'
import { damageClause } from '../base/damage.ts'
import type { BlockFault } from '../base/finding-values.ts'
import { InputError } from '../base/input-error.ts'
import { uint16, uint32 } from './byte-order.ts'
import type { ByteQueue } from './byte-queue.ts'
import { type Damage, LARGEST_READ, LARGEST_RECORD } from './damage.ts'
import type { Packet } from './packet.ts'
import { describeInterface, type Interface } from './pcapng-interface.ts'

/** The block types that are read. `SHORTEST` has the shortest length that each may have (§4). */
const Block = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  enhancedPacket: 6,
  secrets: 10,
}
const SHORTEST_BLOCK = 12
const SHORTEST: ReadonlyMap<number, number> = new Map([
  [Block.section, 28],
  [Block.interface, 20],
  [Block.obsoletePacket, 32],
  [Block.simplePacket, 16],
  [Block.enhancedPacket, 32],
  [Block.secrets, 20],
])
const BYTE_ORDER_MAGIC = 0x1a2b3c4d
/** Bytes of a Section Header Block up to its version. */
const SECTION_HEAD = 16
/** Bytes of a packet's block before the captured ones. */
const PACKET_HEAD = 28
const SIMPLE_PACKET_HEAD = 12
/** The key log of a whole day has a few MiB. */
const LARGEST_SECRETS = 16 * LARGEST_READ
/** No machine has more interfaces. A file that describes more would only fill memory. */
const MOST_INTERFACES = 65_536
const INTERFACE_MEMORY = 160

/**
 * Takes what a Decryption Secrets Block holds (§4.7). `bytes` is a view: copy it to keep it. Type 0x544c534b is a TLS key log.
 */
export type TakeSecrets = (type: number, bytes: Uint8Array) => void

/** Whether a file that starts with these four bytes, read as one big-endian word, is pcapng. */
export function isPcapngMagic(magic: number): boolean {
  return magic === Block.section
}

/** Decodes the blocks of one pcapng file. */
export class PcapngDecoder {
  readonly format = 'pcapng'
  /** True once the first section header is decoded. */
  hasHeader = false
  damage: Damage | undefined
  readonly #title: string
  readonly #queue: ByteQueue
  readonly #takeSecrets: TakeSecrets
  #isLittleEndian = false
  #interfaces: Interface[] = []
  /**
   * Of the block that is being skipped: the bytes still to come before its trailing length. `#passedLength`: its length, 0 if no
   * block is being skipped. `#passedOffset`: the block's position in the file.
   */
  #passingOver = 0
  #passedLength = 0
  #passedOffset = 0
  readonly #packet: Packet
  /** Bytes of the packet's block that come before the captured ones. */
  #blockHead = 0

  /** `title` names the file in messages. */
  constructor(queue: ByteQueue, title: string, takeSecrets: TakeSecrets) {
    this.#title = title
    this.#queue = queue
    this.#takeSecrets = takeSecrets
    this.#packet = {
      number: 0,
      time: undefined,
      linkType: 0,
      bytes: NO_BYTES,
      start: 0,
      end: 0,
      originalLength: 0,
    }
  }

  /**
   * The next packet, always in the same object; undefined if more bytes are needed, or the file is damaged. Throws InputError if
   * the first section header is not valid.
   */
  next(): Packet | undefined {
    while (this.damage === undefined) {
      if (this.#passedLength > 0) {
        if (!this.#passOver()) return undefined
      } else {
        if (!this.#queue.has(SHORTEST_BLOCK)) return undefined
        const { bytes, at } = this.#queue
        const type = uint32(bytes, at, this.#isLittleEndian)
        if (type === Block.section) {
          if (!this.#startSection()) return undefined
        } else {
          const length = uint32(bytes, at + 4, this.#isLittleEndian)
          if (!this.#isLengthPossible(type, length)) return undefined
          const read = Math.min(length, type === Block.secrets ? LARGEST_SECRETS : LARGEST_READ)
          if (!SHORTEST.has(type)) this.#startPassingOver(length, 8)
          else if (!this.#queue.has(read) || !this.#hasTrailingLength(length, read)) return undefined
          else if (this.#takeBlock(type, length, read)) return this.#packet
        }
      }
    }
    return undefined
  }

  /** Takes back the packet that it handed out last, and says where its block begins: the next bytes have to be those. */
  takeBack(): number {
    const { at, offset } = this.#queue
    this.#passedLength = 0
    this.#passingOver = 0
    return offset - (at - this.#packet.start) - this.#blockHead
  }

  /** Bytes of memory that its table takes. */
  get held(): number {
    return this.#interfaces.length * INTERFACE_MEMORY
  }

  /**
   * No more bytes will come: what is left in the queue is a block that is cut off. Throws InputError if it is the first section
   * header.
   */
  end(): void {
    if (this.damage !== undefined) return
    if (this.#passedLength > 0) {
      this.#refuse({ fault: 'cut' }, this.#passedOffset)
    } else if (!this.#queue.isEmpty) this.#refuse({ fault: 'cut' })
  }

  /**
   * Takes a block. Its first `read` bytes are in the queue: all of it, unless it is very long. Returns true if it holds a packet.
   */
  #takeBlock(type: number, length: number, read: number): boolean {
    const { bytes, at } = this.#queue
    const padding = read < length ? 0 : this.#paddingAt(at + length - 4, length)
    let isPacket = false
    if (padding === undefined) this.#refuseLengths(at + length - 4, length)
    else if (type === Block.interface) this.#takeInterface(bytes, at, read)
    else if (type === Block.secrets) this.#takeSecretsBlock(bytes, at, length, read)
    else if (type === Block.simplePacket) isPacket = this.#takeSimplePacket(bytes, at, length)
    else isPacket = this.#takePacket(type, bytes, at, length)
    if (this.damage !== undefined) return false
    if (read === length) this.#queue.at += length + padding!
    else {
      this.#packet.end = Math.min(this.#packet.end, at + read)
      this.#startPassingOver(length, read)
    }
    return isPacket
  }

  /**
   * Enhanced Packet Block (§4.3), and the obsolete Packet Block (appendix A), which differs only in the field for its interface.
   */
  #takePacket(type: number, bytes: Uint8Array, at: number, length: number): boolean {
    const isLittle = this.#isLittleEndian
    const number =
      type === Block.enhancedPacket ? uint32(bytes, at + 8, isLittle) : uint16(bytes, at + 8, isLittle)
    const from = this.#interfaces[number]
    if (from === undefined) {
      return this.#refuse({ fault: 'interface', interface: number, described: this.#interfaces.length })
    }
    const captured = uint32(bytes, at + 20, isLittle)
    if (captured > length - 32) {
      return this.#refuse({ fault: 'noRoom', claimed: captured, room: length - 32 })
    }
    const packet = this.#packet
    packet.time = from.clock.timeOf(uint32(bytes, at + 12, isLittle), uint32(bytes, at + 16, isLittle))
    packet.linkType = from.linkType
    packet.bytes = bytes
    packet.start = at + PACKET_HEAD
    packet.end = at + PACKET_HEAD + captured
    this.#blockHead = PACKET_HEAD
    packet.originalLength = uint32(bytes, at + 24, isLittle)
    return true
  }

  /**
   * Simple Packet Block (§4.4): always of the first interface, without a time. Its captured length follows from the snapshot
   * length.
   */
  #takeSimplePacket(bytes: Uint8Array, at: number, length: number): boolean {
    const from = this.#interfaces[0]
    if (from === undefined) return this.#refuse({ fault: 'interface', interface: 0, described: 0 })
    const originalLength = uint32(bytes, at + 8, this.#isLittleEndian)
    const limit = from.snapLength === 0 ? originalLength : Math.min(originalLength, from.snapLength)
    if (limit > length - 16) {
      return this.#refuse({ fault: 'noRoomForPacket', expected: limit, room: length - 16 })
    }
    const packet = this.#packet
    packet.time = undefined
    packet.linkType = from.linkType
    packet.bytes = bytes
    packet.start = at + SIMPLE_PACKET_HEAD
    packet.end = at + SIMPLE_PACKET_HEAD + limit
    this.#blockHead = SIMPLE_PACKET_HEAD
    packet.originalLength = originalLength
    return true
  }

  /** Interface Description Block (§4.2). */
  #takeInterface(bytes: Uint8Array, at: number, length: number): void {
    if (this.#interfaces.length < MOST_INTERFACES) {
      this.#interfaces.push(describeInterface(bytes, at, at + length, this.#isLittleEndian))
    } else this.#refuse({ fault: 'interfaces', most: MOST_INTERFACES })
  }

  /** Decryption Secrets Block (§4.7). */
  #takeSecretsBlock(bytes: Uint8Array, at: number, length: number, read: number): void {
    const type = uint32(bytes, at + 8, this.#isLittleEndian)
    const size = uint32(bytes, at + 12, this.#isLittleEndian)
    if (size <= length - 20) this.#takeSecrets(type, bytes.subarray(at + 16, at + Math.min(16 + size, read)))
    else this.#refuse({ fault: 'noRoomForSecrets', claimed: size, room: length - 20 })
  }

  /**
   * Section Header Block (§4.1): sets the byte order, also for itself, and drops the interfaces. False if more bytes are needed,
   * or the block is damaged.
   */
  #startSection(): boolean {
    if (!this.#queue.has(SECTION_HEAD)) return false
    const { bytes, at } = this.#queue
    const isLittle = uint32(bytes, at + 8, true) === BYTE_ORDER_MAGIC
    if (!isLittle && uint32(bytes, at + 8, false) !== BYTE_ORDER_MAGIC) {
      return this.#refuse({ fault: 'noByteOrder' })
    }
    this.#isLittleEndian = isLittle
    const length = uint32(bytes, at + 4, isLittle)
    if (!this.#isLengthPossible(Block.section, length)) return false
    const [major, minor] = [uint16(bytes, at + 12, isLittle), uint16(bytes, at + 14, isLittle)]
    if (major !== 1) return this.#refuse({ fault: 'version', version: `${major}.${minor}` })
    this.#interfaces = []
    this.#startPassingOver(length, SECTION_HEAD)
    return true
  }

  #startPassingOver(length: number, alreadyRead: number): void {
    this.#passedOffset = this.#queue.offset
    this.#passedLength = length
    this.#passingOver = length - 4 - alreadyRead
    this.#queue.at += alreadyRead
  }

  /** Skips the rest of a block. False if more bytes are needed, or the block's two lengths differ. */
  #passOver(): boolean {
    this.#passingOver -= this.#queue.skip(this.#passingOver)
    if (this.#passingOver > 0 || !this.#queue.has(4)) return false
    const { at } = this.#queue
    const length = this.#passedLength
    if (this.#mayBePadded(at, length) && !this.#queue.has(4 + (-length & 3))) return false
    const padding = this.#paddingAt(this.#queue.at, length)
    if (padding === undefined) return this.#refuseLengths(this.#queue.at, length, this.#passedOffset)
    this.#queue.at += 4 + padding
    this.#passedLength = 0
    this.hasHeader = true
    return true
  }

  /**
   * A block's length is a multiple of 4 (§3.1). Some programs write another number, with padding that it does not count or without
   * any; the length at the block's end tells. Returns how many bytes of padding are not counted; undefined if the length that
   * should be at `at` is not there.
   */
  #paddingAt(at: number, length: number): number | undefined {
    const { bytes, end } = this.#queue
    for (const padding of [0, -length & 3]) {
      const trailing = at + padding
      if (trailing + 4 <= end && uint32(bytes, trailing, this.#isLittleEndian) === length) return padding
    }
    return undefined
  }

  #mayBePadded(at: number, length: number): boolean {
    return (length & 3) !== 0 && uint32(this.#queue.bytes, at, this.#isLittleEndian) !== length
  }

  /** Whether the length at the end of a block can be looked for; false if more bytes are needed. */
  #hasTrailingLength(length: number, read: number): boolean {
    if (read < length || !this.#mayBePadded(this.#queue.at + length - 4, length)) return true
    return this.#queue.has(length + (-length & 3))
  }

  #refuseLengths(at: number, leading: number, offset?: number): false {
    const trailing = uint32(this.#queue.bytes, at, this.#isLittleEndian)
    return this.#refuse({ fault: 'lengthsDiffer', leading, trailing }, offset)
  }

  #isLengthPossible(type: number, length: number): boolean {
    const shortest = SHORTEST.get(type) ?? SHORTEST_BLOCK
    if (length < shortest) return this.#refuse({ fault: 'tooShort', length, fewest: shortest })
    if (length > LARGEST_RECORD) return this.#refuse({ fault: 'tooLong', length, most: LARGEST_RECORD })
    return true
  }

  #refuse(fault: BlockFault, offset = this.#queue.offset): false {
    const damage = { what: 'block', offset, ...fault } as const
    if (!this.hasHeader)
      throw new InputError(`${this.#title}: not a readable pcapng file: ${damageClause(damage)}`)
    this.damage = damage
    return false
  }
}
