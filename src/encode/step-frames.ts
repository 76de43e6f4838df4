// Makes the bytes of frames of the steps of a script (RFC 6455 §5), as both sides of one connection send them.
import { concat, NO_BYTES } from '../base/bytes.ts'
import { type Deflate, Opcode } from '../base/events.ts'
import type { Side } from '../base/stream.ts'
import { encodeFrame, encodeHeader, type FrameFields } from '../websocket/encode.ts'
import { fewestBits } from '../websocket/header.ts'
import { unmask } from '../websocket/mask.ts'
import { Compressor } from './compressor.ts'
import type {
  BinaryStep,
  EndStep,
  FrameForm,
  FrameScript,
  FrameStep,
  JsonStep,
  MessageForm,
  Step,
  TextStep,
  WaitStep,
} from './script.ts'
import { ScriptError, type ScriptPath } from './script-error.ts'

/** A step that sends bytes. */
export type SendingStep = Exclude<Step, EndStep | WaitStep>

/** Unless a handshake says otherwise. */
const WIDEST = { contextTakeover: true, windowBits: 15 }

/** Most frames of a message. */
const MOST_FRAGMENTS = 100_000

const encoder = new TextEncoder()

/** Makes frames. Remembers what the compression of later ones needs. */
export class FrameMaker {
  readonly #isDeflateAgreed: boolean
  readonly #compressors: Readonly<Record<Side, Compressor>>
  readonly #draw: () => number

  /** `draw` gives words of 32 bits, for masking keys. */
  constructor(deflate: Deflate | null, draw: () => number) {
    this.#isDeflateAgreed = deflate !== null
    this.#compressors = {
      client: new Compressor(deflate?.client ?? WIDEST),
      server: new Compressor(deflate?.server ?? WIDEST),
    }
    this.#draw = draw
  }

  /** What a step sends: its frames, or its bytes. Throws ScriptError, with `path`, if they cannot be made. */
  framesOf(step: SendingStep, path: ScriptPath): Uint8Array[] {
    if ('bytes' in step) return [bytesOf(step.bytes)]
    if ('frame' in step) return [this.#frame(step, path)]
    if ('ping' in step) return [this.#encode(step, path, Opcode.ping, encoder.encode(step.ping))]
    if ('pong' in step) return [this.#encode(step, path, Opcode.pong, encoder.encode(step.pong))]
    if ('close' in step) {
      if (step.close === null && step.reason !== undefined) {
        throw new ScriptError([...path, 'reason'], 'goes with a close code; give a code, or take it out')
      }
      return [this.#encode(step, path, Opcode.close, closeBody(step.close, step.reason))]
    }
    return this.#message(step, path)
  }

  #message(step: TextStep | JsonStep | BinaryStep, path: ScriptPath): Uint8Array[] {
    const { fragments = 1, compress = this.#isDeflateAgreed, from }: MessageForm = step
    const message = messageBytes(step)
    const payload = compress ? this.#compressors[from].compress(message) : message
    if (fragments > payload.length + 1) {
      const most = `at most ${payload.length + 1}`
      throw new ScriptError([...path, 'fragments'], `the message has ${payload.length} bytes; give ${most}`)
    }
    if (fragments > MOST_FRAGMENTS)
      throw new ScriptError([...path, 'fragments'], `too many; give at most ${MOST_FRAGMENTS}`)
    const first = 'binary' in step ? Opcode.binary : Opcode.text
    return Array.from({ length: fragments }, (_, i) => {
      const [start, end] = [i, i + 1].map((part) => Math.floor((payload.length * part) / fragments))
      return this.#encode(step, path, i === 0 ? first : Opcode.continuation, payload.subarray(start, end), {
        fin: i === fragments - 1,
        rsv1: compress && i === 0,
      })
    })
  }

  #frame(step: FrameStep, path: ScriptPath): Uint8Array {
    const { opcode: named, text, hex, payloadLength, ...bits } = step.frame
    if (text !== undefined && hex !== undefined) {
      throw new ScriptError([...path, 'frame'], 'has both "text" and "hex"; take one of them out')
    }
    const opcode = typeof named === 'number' ? named : Opcode[named]
    const payload = text !== undefined ? encoder.encode(text) : bytesOf(hex ?? '')
    return this.#encode(step, path, opcode, payload, bits, payloadLength)
  }

  #encode(
    step: FrameForm,
    path: ScriptPath,
    opcode: number,
    payload: Uint8Array,
    bits: Pick<FrameFields, 'fin' | 'rsv1' | 'rsv2' | 'rsv3'> = {},
    announced?: FrameScript['payloadLength'],
  ): Uint8Array {
    const maskingKey = this.#keyOf(step)
    const form = step.lengthBits === undefined ? {} : { lengthForm: step.lengthBits }
    try {
      const frame = { fin: true, ...bits, opcode, maskingKey, payload, ...form }
      return announced === undefined ? encodeFrame(frame) : misannounced(frame, BigInt(announced))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new ScriptError([...path, 'lengthBits'], 'too few for the length; give more, or take it out')
    }
  }

  /** A drawn key is never zero, because that would look like a fault of the sender. */
  #keyOf({ from, mask = from === 'client' }: FrameForm): number | undefined {
    if (typeof mask === 'string') return Number.parseInt(mask, 16)
    return mask ? this.#draw() || 1 : undefined
  }
}

/** A frame whose header announces another length than its payload's. */
function misannounced(frame: FrameFields, payloadLength: bigint): Uint8Array {
  const { fin = false, rsv1 = false, rsv2 = false, rsv3 = false, opcode, maskingKey, payload } = frame
  const form = frame.lengthForm ?? fewestBits(payloadLength)
  const headerLength = 2 + (form === 7 ? 0 : form / 8) + (maskingKey === undefined ? 0 : 4)
  const header = encodeHeader({ fin, rsv1, rsv2, rsv3, opcode, maskingKey, headerLength, payloadLength })
  const masked = maskingKey === undefined ? payload : unmask(payload, 0, payload.length, maskingKey, 0)
  return concat([header, masked])
}

function messageBytes(step: TextStep | JsonStep | BinaryStep): Uint8Array {
  if ('binary' in step) return bytesOf(step.binary)
  return encoder.encode('text' in step ? step.text : (JSON.stringify(step.json) ?? 'null'))
}

/** RFC 6455 §5.5.1. */
function closeBody(code: number | null, reason = ''): Uint8Array {
  if (code === null) return NO_BYTES
  return concat([Uint8Array.of(code >>> 8, code), encoder.encode(reason)])
}

/** The bytes of hex digits. */
function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16)
  return bytes
}
