// Files that people take for pcap or pcapng captures, known by their first bytes. In: those bytes. Out: what the file is, and what to do.
// The table stands alone: it grows by rows, and the reader does not change with it.

interface ForeignFormat {
  /** How such a file starts: a pattern for the hex digits of its bytes. */
  readonly start: RegExp
  readonly is: string
  readonly cure: string
}

const CONVERT = 'convert it with: editcap -F pcap IN OUT'

const FOREIGN_FORMATS: readonly ForeignFormat[] = [
  { start: /^736e6f6f70/, is: 'a snoop capture', cure: CONVERT },
  { start: /^(474d4255|52545353)/, is: 'a Network Monitor capture', cure: CONVERT },
  { start: /^5452534e/, is: 'a Sniffer capture', cure: CONVERT },
  { start: /^fd377a58/, is: 'compressed with xz', cure: 'unpack it first with unxz' },
  { start: /^04224d18/, is: 'compressed with lz4', cure: 'unpack it first with unlz4' },
  { start: /^425a68/, is: 'compressed with bzip2', cure: 'unpack it first with bunzip2' },
  { start: /^504b0304/, is: 'a zip archive', cure: 'unpack it first with unzip' },
  { start: /^377abcaf/, is: 'a 7-Zip archive', cure: 'unpack it first' },
]

/** Says what a file is that starts with these hex digits, and what to do about it; undefined if the start is not known. */
export function foreignFormat(hexDigits: string): string | undefined {
  const found = FOREIGN_FORMATS.find((format) => format.start.test(hexDigits))
  return found && `${found.is}; ${found.cure}`
}
