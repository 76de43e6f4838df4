// The Interface Description Block of pcapng (draft-ietf-opsawg-pcapng §4.2). In: the block's bytes. Out: what is needed to read
// the packets of that interface: link type, snapshot length, and how it counts time.
import { int64, uint16, uint32 } from './byte-order.ts'
import { TimestampClock } from './timestamp.ts'

const Option = { end: 0, timestampResolution: 9, timestampOffset: 14 } as const
/** An interface without if_tsresol counts in units of 10^-6 seconds. */
const MICROSECONDS = 6

/** An interface of a pcapng section. */
export interface Interface {
  /** A LINKTYPE_ value. */
  readonly linkType: number
  /** The most bytes that are captured of a packet; 0 means no limit. */
  readonly snapLength: number
  readonly clock: TimestampClock
}

/**
 * The interface that the block `[at, end)`, of at least 20 bytes, describes. An option that does not fit into the block ends the
 * list.
 */
export function describeInterface(
  bytes: Uint8Array,
  at: number,
  end: number,
  littleEndian: boolean,
): Interface {
  let resolution = MICROSECONDS
  let offsetSeconds = 0
  const optionsEnd = end - 4
  for (let option = at + 16; option + 4 <= optionsEnd; ) {
    const code = uint16(bytes, option, littleEndian)
    const length = uint16(bytes, option + 2, littleEndian)
    const value = option + 4
    if (code === Option.end || value + length > optionsEnd) break
    if (code === Option.timestampResolution && length >= 1) resolution = bytes[value]!
    if (code === Option.timestampOffset && length >= 8) offsetSeconds = int64(bytes, value, littleEndian)
    option = value + length + (-length & 3)
  }
  return {
    linkType: uint16(bytes, at + 8, littleEndian),
    snapLength: uint32(bytes, at + 12, littleEndian),
    clock: new TimestampClock(resolution, offsetSeconds),
  }
}
