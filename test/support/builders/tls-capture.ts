// Captures with TLS in them: of recorded fixtures, with their secrets at any place, and of conversations made here.
import { readFileSync } from 'node:fs'
import type { Direction } from '../../../src/base/stream.ts'
import { TcpFlag } from '../../../src/network/segment.ts'
import { TLS_KEY_LOG } from '../../../src/tls/key-log.ts'
import { fixtureKeyLog, fixturePath } from '../drivers/fixtures.ts'
import { Blocks, bytesOf, readBytes } from './capture-bytes.ts'
import { pcapFile, tcpPacket } from './packet-builder.ts'

const blocks = new Blocks(true)

/** The packets of a fixture. */
export function packetsOf(name: string): Uint8Array[] {
  return readBytes(readFileSync(fixturePath(name))).packets.map(({ bytes }) => bytes)
}

/** The key log of a fixture. */
export function keyLogOf(name: string): string {
  return readFileSync(fixtureKeyLog(name)!, 'utf8')
}

/** A pcapng file: packets, and key logs as Decryption Secrets Blocks at their places between the packets. */
export function pcapngOf(items: readonly (Uint8Array | string)[]): Uint8Array {
  const body = items.map((item) =>
    typeof item === 'string' ? blocks.secrets(TLS_KEY_LOG, Buffer.from(item)) : blocks.enhanced(item),
  )
  return bytesOf(blocks.section(), blocks.interface(), ...body)
}

/**
 * What goes over a TCP connection, in order, as a pcap file: from the SYN to both FINs, one segment for each part of at most 1448
 * bytes.
 */
export function tcpCapture(
  parts: readonly { readonly direction: Direction; readonly bytes: Uint8Array }[],
): Uint8Array {
  const ends = [
    { address: '10.0.0.1', port: 40_000 },
    { address: '10.0.0.2', port: 443 },
  ] as const
  const sequences: [number, number] = [1, 1]
  const packets: Uint8Array[] = []
  const packet = (direction: Direction, flags: number, payload: Uint8Array = new Uint8Array(0)): void => {
    const other = direction === 0 ? 1 : 0
    const [sequence, acknowledgment] = [sequences[direction], sequences[other]]
    packets.push(
      tcpPacket({
        source: ends[direction],
        destination: ends[other],
        flags,
        sequence,
        acknowledgment,
        payload,
      }),
    )
    sequences[direction] += payload.length
  }
  sequences[0] = sequences[1] = 0
  packet(0, TcpFlag.syn)
  sequences[0] = 1
  packet(1, TcpFlag.syn | TcpFlag.ack)
  sequences[1] = 1
  for (const { direction, bytes } of parts) {
    for (let at = 0; at < bytes.length; at += 1448)
      packet(direction, TcpFlag.ack | TcpFlag.psh, bytes.subarray(at, at + 1448))
  }
  packet(0, TcpFlag.ack | TcpFlag.fin)
  packet(1, TcpFlag.ack | TcpFlag.fin)
  return pcapFile(packets)
}
