// Types for the part of pcap-parser that pcap.ts uses: the package has none.

declare module 'pcap-parser' {
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

  export interface Parser {
    /** `LE` or `BE` once the file header is parsed: the ending of the methods with which the parser reads numbers. */
    endianness: string
    on(event: 'packet', listener: (packet: { header: PacketHeader; data: unknown }) => void): this
    /** Called with what was parsed. It is that of Node's EventEmitter until it is replaced. */
    emit: (
      ...event:
        | ['globalHeader', GlobalHeader]
        | ['packetHeader', PacketHeader]
        | ['packetData', unknown]
        | ['packet', { header: PacketHeader; data: unknown }]
    ) => void
  }

  export function parse(stream: ParserStream): Parser
}
