// tshark as a second opinion: of every kind of packet, whole, cut by a snapshot length and in fragments, it must see the same segments.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import {
  ethernet,
  hex,
  ipv4,
  ipv6,
  ipv6Fragment,
  LinkType,
  Protocol,
  tcp,
  utf8,
  zeros,
} from '../support/builders/packet-builder.ts'
import {
  decodePackets,
  type GivenPacket,
  ieee80211,
  PACKET_KINDS,
  SEGMENT,
  subframe,
} from '../support/drivers/network-packets.ts'
import { skipWithout } from '../support/drivers/requirements.ts'

const FIELDS = [
  'frame.number',
  'ip.src',
  'ipv6.src',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.window_size_value',
  'tcp.len',
  'tcp.payload',
] as const

const SNAP = hex('aa aa 03 00 00 00 08 00')

/** What tshark reads in one way only, which is not that of the packet. */
const NOT_ASKED: ReadonlyMap<string, string> = new Map([
  ['NFLOG, big-endian', 'it takes the byte order of the machine that it runs on'],
  ['CAPWAP with 802.11, its control field swapped', 'swap_fc is one preference for all packets'],
])
const ASKED = PACKET_KINDS.filter(({ name }) => !NOT_ASKED.has(name))

/** It drops an attribute of NFLOG that is not whole. */
const ASKED_CUT = ASKED.filter(({ name }) => name !== 'NFLOG, little-endian')

/** Every kind, whole and with the last 9 bytes not captured; fragments; several segments in one packet; what holds no TCP. */
const PACKETS: readonly GivenPacket[] = [
  ...ASKED.map(({ linkType, bytes }) => ({ linkType, bytes })),
  ...ASKED_CUT.map(({ linkType, bytes }) => ({
    linkType,
    bytes: bytes.subarray(0, bytes.length - 9),
    originalLength: bytes.length,
  })),
  // Under the number of older systems. A cut inside the header would hide what it is.
  { linkType: 149, bytes: PACKET_KINDS.find(({ name }) => name === 'PKTAP with Ethernet')!.bytes },
  ...[40, 0, 24].map((start) => {
    const end = start === 40 ? SEGMENT.length : start === 0 ? 24 : 40
    const place = { fragmentOffset: start, moreFragments: start !== 40, identification: 71 }
    return { bytes: ethernet({ payload: ipv4({ ...place, payload: SEGMENT.subarray(start, end) }) }) }
  }),
  ...[0, 48].map((start) => {
    const fields = { fragmentOffset: start, moreFragments: start === 0, identification: 72 }
    const payload = ipv6Fragment({
      ...fields,
      payload: SEGMENT.subarray(start, start === 0 ? 48 : SEGMENT.length),
    })
    return { bytes: ethernet({ payload: ipv6({ nextHeader: Protocol.fragment, payload }) }) }
  }),
  {
    linkType: LinkType.ieee80211,
    bytes: concat([
      ieee80211(8, 0x02, hex('80 00')),
      subframe(concat([SNAP, ipv4({ payload: tcp({ sequence: 100, payload: utf8('abc') }) })])),
      subframe(concat([SNAP, ipv4({ payload: tcp({ sequence: 103, payload: utf8('de') }) })]), true),
    ]),
  },
  { bytes: ethernet({ payload: ipv4({ payload: tcp({ payload: utf8('x') }) }), padding: 30 }) },
  { bytes: ethernet({ payload: ipv4({ payload: SEGMENT, totalLength: 0 }) }) },
  { bytes: ethernet({ payload: ipv6({ payload: SEGMENT, payloadLength: 0 }) }) },
  { bytes: ethernet({ etherType: 0x0806, payload: zeros(46) }) },
]

test.skipIf(skipWithout('tshark'))(
  'tshark sees the same TCP segments as framewalk in every kind of packet',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'framewalk-network-'))
    try {
      const path = join(folder, 'kinds.pcapng')
      writeFileSync(path, pcapng(PACKETS))
      const theirs = askTshark(path)
      const ours = PACKETS.map(() => [] as Row[])
      const { segments } = decodePackets(PACKETS.map((packet) => ({ ...packet, seconds: 1 })))
      for (const { packet, source, destination, cut, payload, ...fields } of segments) {
        const [address = '', port = ''] = source.split(' ')
        expect(theirs[packet - 1]!.innermost, `packet ${packet}`).toContain(address)
        const { sequence, acknowledgment, window } = fields
        const ports = `${port} ${destination.split(' ')[1]}`
        ours[packet - 1]!.push({
          ports,
          sequence,
          acknowledgment,
          window,
          length: payload.length / 2 + cut,
          payload,
        })
      }
      expect(ours).toEqual(theirs.map(({ rows }) => rows))
      expect(segments).toHaveLength(ASKED.length + ASKED_CUT.length + 8)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

interface Row {
  ports: string
  sequence: number
  acknowledgment: number
  window: number
  /** On the wire. */
  length: number
  payload: string
}

interface Shown {
  /** The last source address of each IP version: one of them is that of the innermost header. */
  innermost: string[]
  rows: Row[]
}

/** What tshark shows of each packet. */
function askTshark(path: string): Shown[] {
  const preferences = [
    'ip.defragment:TRUE',
    'ipv6.tso_support:TRUE',
    'tcp.desegment_tcp_streams:FALSE',
    'tcp.analyze_sequence_numbers:FALSE',
    'capwap.swap_fc:FALSE',
    'l2tp.cookie_size:None',
    'l2tp.l2_specific:Default L2-Specific',
  ]
  const fields = FIELDS.flatMap((field) => ['-e', field])
  const format = ['-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=;', '-E', 'separator=|', ...fields]
  const options = [
    '-r',
    path,
    '-d',
    'tcp.port==8765,data',
    '-d',
    'udp.port==8472,vxlan',
    '-d',
    'mpls.label==101,pwethcw',
    '-d',
    'mpls.label==102,pwethnocw',
    '-d',
    'l2tp.pw_type==0,eth',
    '-o',
    'uat:user_dlts:"User 2 (DLT=149)","pktap","0","","0",""',
    ...preferences.flatMap((preference) => ['-o', preference]),
  ]
  const { stdout, stderr, status } = spawnSync('tshark', [...options, ...format], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tshark failed with ${status}: ${stderr}`)
  return stdout.trimEnd().split('\n').map(shownIn)
}

function shownIn(line: string): Shown {
  const values = line.split('|').map((list) => (list === '' ? [] : list.split(';')))
  const of = (field: (typeof FIELDS)[number]): string[] => values[FIELDS.indexOf(field)] ?? []
  const rows = of('tcp.srcport').map((port, i) => ({
    ports: `${port} ${of('tcp.dstport')[i]}`,
    sequence: Number(of('tcp.seq_raw')[i]),
    acknowledgment: Number(of('tcp.ack_raw')[i]),
    window: Number(of('tcp.window_size_value')[i]),
    length: Number(of('tcp.len')[i]),
    payload: of('tcp.payload')[i]?.replaceAll(':', '') ?? '',
  }))
  return { innermost: [...of('ip.src').slice(-1), ...of('ipv6.src').slice(-1)], rows }
}

/** A pcapng file with an interface for each link type, since a classic pcap file has but one. */
function pcapng(packets: readonly GivenPacket[]): Uint8Array {
  const linkTypes = [...new Set(packets.map(linkTypeOf))]
  const section = block(0x0a0d0d0a, concat([words(0x1a2b3c4d, 0x00000001), hex('ff ff ff ff ff ff ff ff')]))
  const interfaces = linkTypes.map((linkType) => block(1, words(linkType, 0)))
  const records = packets.map((packet) => {
    const { bytes, originalLength = bytes.length } = packet
    const fields = words(linkTypes.indexOf(linkTypeOf(packet)), 0, 1_000_000, bytes.length, originalLength)
    return block(6, concat([fields, bytes, zeros((4 - (bytes.length % 4)) % 4)]))
  })
  return concat([section, ...interfaces, ...records])
}

const linkTypeOf = ({ linkType = LinkType.ethernet }: GivenPacket): number => linkType

function block(type: number, body: Uint8Array): Uint8Array {
  return concat([words(type, 12 + body.length), body, words(12 + body.length)])
}

function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer)
}
