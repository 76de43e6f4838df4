// tshark as an oracle: what it says of every WebSocket frame of a capture.
import { spawnSync } from 'node:child_process'
import type { FixtureSecrets } from '../drivers/fixtures.ts'

/** What tshark says of one frame. */
export interface TsharkFrame {
  /** The packet in which it shows the frame: the one that completes it. */
  readonly packet: number
  readonly sourcePort: number
  readonly destinationPort: number
  readonly fin: boolean
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv: number
  readonly opcode: number
  readonly masked: boolean
  /** Eight hex digits. */
  readonly maskingKey: string | undefined
  /** As announced, in decimal. */
  readonly payloadLength: string
  /** Unmasked, as it is on the wire otherwise; hex. */
  readonly payload: string
  /** The whole message, put together and inflated, on the last frame of a text message; hex. */
  readonly text: string | undefined
}

/** tshark's version, as `4.0.17`; undefined if it is not installed. */
export function tsharkVersion(): string | undefined {
  const { stdout, status } = spawnSync('tshark', ['--version'], { encoding: 'utf8' })
  return status === 0 ? /\(Wireshark\) (\S+)/.exec(stdout)?.[1] : undefined
}

/**
 * Every WebSocket frame that tshark finds, in its order. `ports` are those on which `spoken` is spoken, so that tshark need not
 * guess; HTTP unless given.
 */
export function tsharkFrames(
  path: string,
  ports: readonly number[],
  { keyLog, rsaKey }: FixtureSecrets = {},
  spoken = 'http',
): TsharkFrame[] {
  const options = [
    '-r',
    path,
    '-o',
    'tcp.reassemble_out_of_order:TRUE',
    '-o',
    'tcp.desegment_tcp_streams:TRUE',
  ]
  const isEncrypted = /\btls-[^/]*$/.test(path)
  if (keyLog !== undefined) options.push('-o', `tls.keylog_file:${keyLog}`)
  if (rsaKey !== undefined) options.push('-o', `uat:rsa_keys:"${rsaKey}",""`)
  for (const port of ports) options.push('-d', `tcp.port==${port},${isEncrypted ? 'tls' : spoken}`)
  options.push('-Y', 'websocket', '-T', 'json', '-x', '-J', 'frame tcp websocket')
  const { stdout, stderr, status } = spawnSync('tshark', options, { encoding: 'utf8', maxBuffer: 2 ** 30 })
  // 2: the capture is cut off, and what comes before is printed in full.
  if (status !== 0 && !/cut short/.test(stderr)) throw new Error(`tshark failed with ${status}: ${stderr}`)
  return (JSON.parse(numbered(stdout)) as Packet[]).flatMap(framesOf)
}

/**
 * tshark repeats the key `websocket` for every frame of a packet, and a JSON parser keeps only the last: so each key gets a
 * number. Inside a string a quotation mark is escaped, so no captured text looks like such a key.
 */
function numbered(json: string): string {
  let count = 0
  return json.replace(/"(websocket(?:_raw)?)": (?=[{[])/g, (_, key: string) => `"${key}#${count++}": `)
}

interface Packet {
  readonly _source: { readonly layers: Readonly<Record<string, Fields>> }
}

interface Fields {
  readonly [name: string]: unknown
}

function framesOf(packet: Packet): TsharkFrame[] {
  const { layers } = packet._source
  const frames: TsharkFrame[] = []
  for (const [name, fields] of Object.entries(layers)) {
    if (!/^websocket#/.test(name)) continue
    const length =
      field(fields, 'websocket.payload_length_ext_64') ?? field(fields, 'websocket.payload_length_ext_16')
    const text = raw(fields, 'websocket.payload.text_raw')
    frames.push({
      packet: Number(field(layers.frame!, 'frame.number')),
      sourcePort: Number(field(layers.tcp!, 'tcp.srcport')),
      destinationPort: Number(field(layers.tcp!, 'tcp.dstport')),
      fin: field(fields, 'websocket.fin') === '1',
      rsv: Number(field(fields, 'websocket.rsv')),
      opcode: Number(field(fields, 'websocket.opcode')),
      masked: field(fields, 'websocket.mask') === '1',
      maskingKey: field(fields, 'websocket.masking_key')?.replaceAll(':', ''),
      payloadLength: length ?? field(fields, 'websocket.payload_length')!,
      payload: raw(fields, 'websocket.payload_raw') ?? '',
      text,
    })
  }
  return frames
}

function field(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' ? value : undefined
}

/** The first `name` in the tree of fields; its bytes in hex. */
function raw(fields: Fields, name: string): string | undefined {
  for (const [key, value] of Object.entries(fields)) {
    if (key === name && Array.isArray(value)) return String(value[0])
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    const inner = raw(value as Fields, name)
    if (inner !== undefined) return inner
  }
  return undefined
}

/** A case in which tshark 4.0.17 is known to be wrong. */
export interface TsharkFault {
  /** The fixtures that show it. */
  readonly fixtures: readonly string[]
  /** What it says wrongly: a frame's field, or the text of a whole message. */
  readonly field: 'payload' | 'packet' | 'text'
  readonly fault: string
  /** What makes it wrong. */
  readonly reference: string
  /** True for the frames (for `text`, the last of their messages) that it concerns. */
  readonly concerns: (frame: FaultyFrame) => boolean
}

/** What decides whether a fault concerns a frame. */
export interface FaultyFrame {
  readonly from: 'client' | 'server'
  readonly masked: boolean
  readonly payloadLength: number
  /** Of the message that ends with the frame; undefined for other frames. */
  readonly message?:
    | { readonly fragments: number; readonly compressed: boolean; readonly length: number }
    | undefined
}

const inFragments = ({ message }: FaultyFrame) => message !== undefined && message.fragments > 1
const compressed = ({ message }: FaultyFrame) => message?.compressed === true

/**
 * What tshark 4.0.17 says wrongly of the fixtures. Besides, by default it does not put segments in order
 * (`reassemble_out_of_order` is switched on here), cuts a printed text at a NUL, accepts a wrong Accept, and gives every frame of
 * a packet the same JSON key.
 */
export const tsharkFaults: readonly TsharkFault[] = [
  {
    fixtures: ['large-binary'],
    field: 'payload',
    fault: 'only the first 256 KiB of a masked payload are unmasked',
    reference: 'RFC 6455 §5.3: the masking covers all of the payload data',
    concerns: ({ masked, payloadLength }) => masked && payloadLength > 262_144,
  },
  {
    fixtures: ['violations'],
    field: 'payload',
    fault: 'only the low 32 bits of a 64-bit length are used',
    reference: 'RFC 6455 §5.2: the following 8 bytes interpreted as a 64-bit unsigned integer',
    concerns: ({ payloadLength }) => payloadLength >= 2 ** 32,
  },
  {
    fixtures: ['violations'],
    field: 'packet',
    fault: 'a frame whose length needs more than 32 bits is taken for complete',
    reference: 'RFC 6455 §5.2: the following 8 bytes interpreted as a 64-bit unsigned integer',
    concerns: ({ payloadLength }) => payloadLength >= 2 ** 32,
  },
  {
    fixtures: ['fragments-and-pings', 'cut-off'],
    field: 'text',
    fault: 'an empty last fragment ends no message, and fragments of both directions get into one message',
    reference:
      'RFC 6455 §5.4: fragments of one message are put together in order; one direction knows nothing of the other',
    concerns: inFragments,
  },
  {
    fixtures: ['fragments-compressed'],
    field: 'text',
    fault: 'a compressed message in fragments is not inflated',
    reference: 'RFC 7692 §6.2: the payload data of all frames is concatenated, then decompressed',
    concerns: (frame) => inFragments(frame) && compressed(frame),
  },
  {
    fixtures: ['no-context-takeover-server'],
    field: 'text',
    fault: "the client's window is dropped where only the server's was agreed to be",
    reference: 'RFC 7692 §7.1.1.1: server_no_context_takeover is about messages from the server',
    concerns: (frame) => compressed(frame) && frame.from === 'client',
  },
  {
    fixtures: ['no-context-takeover-client'],
    field: 'text',
    fault: "the server's window is dropped where only the client's was agreed to be",
    reference: 'RFC 7692 §7.1.1.2: client_no_context_takeover is about messages from the client',
    concerns: (frame) => compressed(frame) && frame.from === 'server',
  },
  {
    fixtures: [
      'context-takeover',
      'no-context-takeover-client',
      'no-context-takeover-server',
      'window-bits',
      'final-blocks',
    ],
    field: 'text',
    fault: 'an empty compressed message is shown as it is on the wire',
    reference: 'RFC 7692 §7.2.3.6: 0x00 is an empty message, compressed',
    concerns: (frame) => compressed(frame) && frame.message?.length === 0,
  },
  {
    fixtures: ['final-blocks'],
    field: 'text',
    fault: 'nothing is inflated behind a block with BFINAL set',
    reference: 'RFC 7692 §7.2.3.4: a message may use blocks with BFINAL set to 1',
    concerns: (frame) => compressed(frame) && frame.from === 'client',
  },
]

/** The fault that concerns this field of this frame of this fixture, if there is one. */
export function knownFault(
  fixture: string,
  field: TsharkFault['field'],
  frame: FaultyFrame,
): TsharkFault | undefined {
  return tsharkFaults.find(
    (fault) => fault.field === field && fault.fixtures.includes(fixture) && fault.concerns(frame),
  )
}
