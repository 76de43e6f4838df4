// Counts the packets that hold no TCP, or none that could be read, by their reason.

/** More different reasons than a real capture has. A hostile one could have thousands, for example unknown EtherTypes. */
const MOST_REASONS = 200

/** How many packets were skipped for each reason. */
export class Skipped {
  readonly counts = new Map<string, number>()

  /** Counts `packets` packets under a reason, or under `other` if there are too many different reasons. */
  add(reason: string, packets: number): void {
    const count = this.counts.get(reason)
    if (count !== undefined) this.counts.set(reason, count + packets)
    else if (this.counts.size < MOST_REASONS) this.counts.set(reason, packets)
    else this.counts.set('other', (this.counts.get('other') ?? 0) + packets)
  }
}
