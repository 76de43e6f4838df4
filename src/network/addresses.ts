// In: addresses as 32-bit words, as Segment holds them. Out: their text: IPv4 dotted, IPv6 as RFC 5952 recommends.

/** The address whose four words start at `at` in `Segment.addresses` (0: source, 4: destination). */
export function formatAddress(family: 4 | 6, addresses: Int32Array, at: 0 | 4): string {
  return family === 4 ? formatIpv4(addresses[at + 3]!) : formatIpv6(addresses.subarray(at, at + 4))
}

function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`
}

/**
 * RFC 5952 §4: lower case, no leading zeros, "::" for the longest run of at least two zero groups (the first if several are
 * equally long). §5: IPv4-mapped addresses end dotted.
 */
function formatIpv6(words: Int32Array): string {
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) return `::ffff:${formatIpv4(words[3]!)}`
  const groups = Array.from({ length: 8 }, (_, i) => (words[i >> 1]! >>> (i % 2 === 0 ? 16 : 0)) & 0xffff)
  const [runStart, runEnd] = longestZeroRun(groups)
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':')
  return runEnd - runStart < 2 ? text(0, 8) : `${text(0, runStart)}::${text(runEnd, 8)}`
}

function longestZeroRun(groups: readonly number[]): readonly [start: number, end: number] {
  let best: [number, number] = [0, 0]
  let start = 0
  for (let i = 0; i < groups.length; i++) {
    if (groups[i] !== 0) start = i + 1
    else if (i + 1 - start > best[1] - best[0]) best = [start, i + 1]
  }
  return best
}
