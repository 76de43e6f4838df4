// The ws package's own frame reader and writer, which its types leave out.
import type { Writable } from 'node:stream'
import * as ws from 'ws'

interface FrameOptions {
  readonly fin: boolean
  readonly rsv1: boolean
  readonly opcode: number
  readonly mask: boolean
  readonly maskBuffer: Uint8Array
  readonly readOnly: boolean
  generateMask?(mask: Uint8Array): void
}

/** As documented for its WebSocketServer. */
interface ReceiverOptions {
  readonly allowSynchronousEvents?: boolean
  readonly skipUTF8Validation?: boolean
}

const { Receiver, Sender } = ws as unknown as {
  Receiver: new (options: ReceiverOptions & { isServer: boolean; binaryType: 'nodebuffer' }) => Writable
  Sender: { frame(payload: Buffer, options: FrameOptions): Buffer[] }
}

/** A receiver of unfragmented messages that hands each one's bytes to `take`. */
export function wsReceiver(
  isServer: boolean,
  take: (payload: Buffer) => void,
  options: ReceiverOptions = {},
): Writable {
  const receiver = new Receiver({ ...options, isServer, binaryType: 'nodebuffer' })
  receiver.on('message', take)
  receiver.on('ping', take)
  return receiver
}

/** A frame as ws sends it. */
export function wsFrame(
  opcode: number,
  fin: boolean,
  key: Uint8Array | undefined,
  payload: Uint8Array,
): Buffer {
  const mask = key !== undefined
  const maskBuffer = Buffer.alloc(4)
  const generateMask = (buffer: Uint8Array) => buffer.set(key ?? [])
  const options = { fin, rsv1: false, opcode, mask, maskBuffer, generateMask, readOnly: true }
  return Buffer.concat(Sender.frame(Buffer.from(payload), options))
}
