// The part of pcap-parser that pcap.ts uses; the package brings no types.

declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events'

  export interface GlobalHeader {
    majorVersion: number
    minorVersion: number
    snapshotLength: number
    linkLayerType: number
  }

  export interface PacketHeader {
    timestampSeconds: number
    timestampMicroseconds: number
    capturedLength: number
    originalLength: number
  }

  /** What the parser needs of a readable stream. */
  export interface ParserStream {
    pause(): void
    resume(): void
    on(event: string, listener: (data?: unknown) => void): void
  }

  export interface Parser extends EventEmitter {
    /** `LE` or `BE`, once the file header is parsed: the ending of the methods by which the parser reads numbers. */
    endianness: string
    on(event: 'globalHeader', listener: (header: GlobalHeader) => void): this
    on(event: 'packetHeader', listener: (header: PacketHeader) => void): this
    on(event: 'packet', listener: (packet: { header: PacketHeader; data: unknown }) => void): this
    on(event: 'error', listener: (error: Error) => void): this
  }

  export function parse(stream: ParserStream): Parser
}
