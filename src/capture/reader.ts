// One capture file. In: its bytes, chunk by chunk, as they arrive. Out: its packets, one at a time. Its first bytes tell the
// format: classic pcap or pcapng, in gzip or zstd or neither. A damaged file is a finding; a file that is not a capture is an InputError.
import { toHex } from '../base/bytes.ts'
import { captureTitle, damageClause } from '../base/damage.ts'
import type { CaptureFile } from '../base/events.ts'
import { makeFinding, type Report } from '../base/findings.ts'
import { InputError } from '../base/input-error.ts'
import type { PayloadMemory } from '../base/payload-memory.ts'
import type { Platform } from '../platform/platform.ts'
import { uint32 } from './byte-order.ts'
import { ByteQueue } from './byte-queue.ts'
import type { Damage } from './damage.ts'
import { foreignFormat } from './foreign-format.ts'
import { GzipDecoder, isGzipMagic } from './gunzip.ts'
import type { Packet } from './packet.ts'
import { isPcapMagic, PcapDecoder } from './pcap.ts'
import { isPcapngMagic, PcapngDecoder, type TakeSecrets } from './pcapng.ts'
import type { Unpacker } from './unpacker.ts'
import { isZstdMagic, ZstdDecoder } from './zstd.ts'

/** The first four bytes tell all formats apart. */
const MAGIC_LENGTH = 4
const EXPECTED = 'expected a pcap or pcapng file, as tcpdump and Wireshark write them'
const UNPACKED_WITH = { gzip: 'gunzip', zstd: 'unzstd' } as const
/** How many bytes of a file that is not a capture the message shows. */
const SHOWN_BYTES = 8
/** Bytes of memory that a reader takes without what it has read. */
const READER_MEMORY = 2048

/** What capture files need of the machine. */
export type CapturePlatform = Pick<Platform, 'openGunzip'>

/**
 * Reads one capture file: push bytes, call `next` for packets until it returns undefined, push more. Last call `end`, and `next`
 * again until it returns undefined. Once `next` has returned undefined, pushed memory is not used any more.
 */
export class CaptureReader {
  /** Where and how the file is damaged. Nothing after it is read, and its finding was reported. */
  damage: Damage | undefined
  /** True once no more packets will come. */
  isOver = false
  readonly #platform: CapturePlatform
  readonly #name: string
  readonly #title: string
  readonly #report: Report
  readonly #takeSecrets: TakeSecrets
  readonly #memory: PayloadMemory | undefined
  #queue: ByteQueue
  #unpacker: Unpacker | undefined
  #decoder: PcapDecoder | PcapngDecoder | undefined
  #isEnded = false

  /**
   * `name`: as it was given; `-` for standard input. `takeSecrets` gets what Decryption Secrets Blocks hold, before the packets
   * that follow them are handed out. `memory`: shared by readers of which one is read at a time.
   */
  constructor(
    platform: CapturePlatform,
    name: string,
    report: Report,
    takeSecrets: TakeSecrets = () => {},
    memory?: PayloadMemory,
  ) {
    this.#platform = platform
    this.#memory = memory
    this.#queue = new ByteQueue(memory)
    this.#takeSecrets = takeSecrets
    this.#name = name
    this.#title = captureTitle(name)
    this.#report = report
  }

  /** Undefined until the file header is decoded. */
  get format(): CaptureFile['format'] | undefined {
    return this.#decoder?.hasHeader ? this.#decoder.format : undefined
  }

  get compression(): CaptureFile['compression'] {
    return this.#unpacker?.compression
  }

  /** Bytes of memory that it takes, without the chunk that was pushed last. */
  get held(): number {
    return READER_MEMORY + this.#queue.held + (this.#unpacker?.held ?? 0) + (this.#decoder?.held ?? 0)
  }

  /**
   * Takes back the packet that it handed out last, forgets all bytes, and says at which position of the file to go on pushing. Not
   * for a compressed file.
   */
  takeBack(): number {
    const offset = this.#decoder!.takeBack()
    this.#queue.restart(offset)
    return offset
  }

  /** Forgets all bytes, of which nothing may be in use. Nothing more comes out. */
  forget(): void {
    this.close()
    this.#queue.restart(0)
  }

  /** Frees the native memory. Nothing more comes out. */
  close(): void {
    this.#unpacker?.close()
  }

  /** Takes the next bytes of the file. */
  push(bytes: Uint8Array): void {
    this.#queue.recycle()
    if (this.#unpacker === undefined) this.#queue.push(bytes)
    else this.#unpacker.push(bytes)
  }

  /** The file has no more bytes. */
  end(): void {
    this.#isEnded = true
    this.#unpacker?.end()
  }

  /**
   * The next packet, whose number is not set yet; undefined if more bytes are needed, or the file is over. Throws InputError if
   * the file is not a capture, or ends before its file header does.
   */
  next(): Packet | undefined {
    const packet = this.#decoder?.next()
    return packet ?? this.#nextOfMoreBytes()
  }

  #nextOfMoreBytes(): Packet | undefined {
    while (!this.isOver) {
      if (this.#decoder === undefined) this.#recognise()
      const packet = this.#decoder?.next()
      if (packet !== undefined) return packet
      if (this.#decoder?.damage !== undefined) this.#finish()
      else {
        const unpacked = this.#unpacker?.next()
        if (unpacked !== undefined) this.#queue.push(unpacked)
        else if (this.#isEnded) this.#finish()
        else return undefined
      }
    }
    return undefined
  }

  #recognise(): void {
    if (!this.#queue.has(MAGIC_LENGTH)) return
    const magic = uint32(this.#queue.bytes, this.#queue.at, false)
    if (isPcapMagic(magic)) this.#decoder = new PcapDecoder(this.#queue, this.#title)
    else if (isPcapngMagic(magic)) {
      this.#decoder = new PcapngDecoder(this.#queue, this.#title, this.#takeSecrets)
    } else if (isGzipMagic(magic)) this.#unpackWith(new GzipDecoder(this.#platform))
    else if (isZstdMagic(magic)) this.#unpackWith(new ZstdDecoder())
    else throw this.#foreign()
  }

  /** The queue's bytes turned out to be compressed: they go to the decoder, and what comes out of it fills a new queue. */
  #unpackWith(unpacker: Unpacker): void {
    if (this.#unpacker !== undefined) {
      const [outer, inner] = [this.#unpacker, unpacker].map(({ compression }) => compression)
      unpacker.close()
      throw new InputError(
        `${this.#title}: holds ${inner} data inside ${outer} data; unpack it once with ${UNPACKED_WITH[outer!]}`,
      )
    }
    const packed = this.#queue
    this.#queue = new ByteQueue(this.#memory)
    this.#unpacker = unpacker
    while (packed.has(1)) {
      unpacker.push(packed.bytes.subarray(packed.at, packed.end))
      packed.skip(packed.end - packed.at)
    }
    if (this.#isEnded) unpacker.end()
  }

  /** Nothing more comes: the file has ended, or it is damaged. */
  #finish(): void {
    this.isOver = true
    if (this.#decoder === undefined || !this.#decoder.hasHeader) throw this.#withoutHeader()
    const packedDamage = this.#unpacker?.damage
    if (packedDamage === undefined) this.#decoder.end()
    this.damage = this.#decoder.damage ?? packedDamage
    if (this.damage !== undefined)
      this.#report(makeFinding('truncated-capture', { file: this.#name, ...this.damage }))
  }

  #withoutHeader(): InputError {
    const packedDamage = this.#unpacker?.damage
    if (packedDamage?.what === 'zstdWindow') {
      return new InputError(
        `${this.#title}: ${damageClause(packedDamage)}; unpack it first with unzstd --long=31`,
      )
    }
    if (packedDamage !== undefined) {
      return new InputError(
        `${this.#title}: ${damageClause(packedDamage)}, before any packet came out; get a whole copy of it`,
      )
    }
    if (this.#decoder !== undefined) {
      return new InputError(
        `${this.#title}: ends inside its ${this.#decoder.format} file header; get a whole copy of it`,
      )
    }
    const inside = this.#unpacker === undefined ? '' : ' once unpacked'
    if (this.#queue.isEmpty) return new InputError(`${this.#title}: is empty${inside}; ${EXPECTED}`)
    return this.#foreign()
  }

  /** The error for a file that does not start like a capture. */
  #foreign(): InputError {
    const { bytes, at, end } = this.#queue
    const found = toHex(bytes, ' ', at, Math.min(end, at + SHOWN_BYTES))
    const known = foreignFormat(found.replaceAll(' ', ''))
    const inside = this.#unpacker === undefined ? '' : ' once unpacked'
    if (known !== undefined) return new InputError(`${this.#title}: is not a capture${inside}, but ${known}`)
    return new InputError(
      `${this.#title}: is not a capture${inside}: it starts with ${found} at byte 0; ${EXPECTED}`,
    )
  }
}
