// What is counted over damaged captures: how much could be found, how much of it was found, and how much was invented.

/** Counts, summed up over all captures. */
export interface DamageTally {
  captures: number
  /** Connections of the good captures, and those of them that were found. */
  connections: number
  connectionsFound: number
  /** Frames reported, and of them those that were never sent. */
  reported: number
  invented: number
  /** Frames that had to be found, because no header before them was hidden. */
  sure: number
  /** Whole frames after a hole which hid a header, from the first segment that starts one; and those found. */
  behind: number
  behindFound: number
  /** The same if the capture holds no handshake. */
  midstream: number
  midstreamFound: number
  /**
   * Messages whose frames were all found whole, plain or compressed, and those of them reported complete; and those inflated
   * without a window.
   */
  plain: number
  plainComplete: number
  compressed: number
  compressedComplete: number
  withoutContext: number
  /** Lost bytes that framewalk can know of, and those that it names. */
  missing: number
  named: number
}

export function emptyDamageTally(): DamageTally {
  return {
    captures: 0,
    connections: 0,
    connectionsFound: 0,
    reported: 0,
    invented: 0,
    sure: 0,
    behind: 0,
    behindFound: 0,
    midstream: 0,
    midstreamFound: 0,
    plain: 0,
    plainComplete: 0,
    compressed: 0,
    compressedComplete: 0,
    withoutContext: 0,
    missing: 0,
    named: 0,
  }
}

/** The tally in a line. */
export function describeTally(tally: DamageTally): string {
  const share = (part: number, whole: number) =>
    whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} % of ${whole}`
  return [
    `${tally.captures} captures`,
    `connections found ${share(tally.connectionsFound, tally.connections)}`,
    `${tally.reported} frames reported, ${tally.invented} invented`,
    `${tally.sure} with no hidden header before them, all found`,
    `behind a hidden header ${share(tally.behindFound, tally.behind)}`,
    `without a handshake ${share(tally.midstreamFound, tally.midstream)}`,
    `messages complete: plain ${share(tally.plainComplete, tally.plain)}, compressed ${share(tally.compressedComplete, tally.compressed)}`,
    `${tally.withoutContext} inflated without their window`,
    `${tally.missing} bytes missing, all named`,
  ].join('; ')
}
