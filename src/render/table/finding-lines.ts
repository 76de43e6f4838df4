// Findings as lines: each names its frame and its code, and no code fills the screen.
import type { FindingCode, FindingEvent, FollowedFinding, Severity } from '../../base/findings.ts'
import { sentenceOf } from '../../language/en/finding-sentences.ts'
import type { TableOptions } from '../renderer.ts'
import { count, packetRange } from '../text/amount.ts'
import { escapeText } from '../text/escape.ts'
import { type Paint, paintWith, type Style } from '../text/style.ts'
import { wrap } from '../text/wrap.ts'

/** Columns of a finding's sentence: captured text in it may be long. */
const LONGEST = 600
/** Columns of the severity before it. */
const LABEL = 'violation '.length

/** Colours of the severities. */
export const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  violation: 'red',
  warning: 'yellow',
  capture: 'magenta',
}

/** Findings that follow from the same one. */
interface Folded {
  readonly follows: FollowedFinding
  /** Of the first of them. */
  readonly severity: Severity
  readonly codes: Map<FindingCode, number>
}

/** Writes findings as lines, of each code so many as the options say. */
export class FindingLines {
  private readonly options: TableOptions
  private readonly paint: Paint
  private readonly counts = new Map<FindingCode, number>()
  /** What follows from other findings and was not printed, by connection. */
  private readonly folded = new Map<number, Folded[]>()

  constructor(options: TableOptions) {
    this.options = options
    this.paint = paintWith(options.color)
  }

  /** The lines of a finding, each with its line end; '' where enough of its code were printed, or where it follows from another one. */
  lines(finding: FindingEvent): string {
    if (finding.follows !== undefined && !this.options.all) {
      this.fold(finding, finding.follows)
      return ''
    }
    const seen = (this.counts.get(finding.code) ?? 0) + 1
    this.counts.set(finding.code, seen)
    if (seen > this.options.findingsPerCode) return ''
    const place = placeOf(finding)
    const closeCode = finding.closeCode === undefined ? '' : `, close code ${finding.closeCode}`
    const sentence = `${place}${finding.code}: ${escapeText(sentenceOf(finding), LONGEST)} (${finding.reference}${closeCode})`
    return this.sentence(finding.severity, sentence)
  }

  /** Lines that say how many findings of a connection follow from others and were not printed. Call it once, at the connection's end. */
  rest(connection: number): string {
    const folded = this.folded.get(connection) ?? []
    this.folded.delete(connection)
    return folded
      .map(({ follows, severity, codes }) => {
        const total = [...codes.values()].reduce((sum, number) => sum + number, 0)
        const each = [...codes].map(([code, number]) => `${code} ${number}`).join(', ')
        const from = follows.frame === undefined ? follows.code : `${follows.code} in frame ${follows.frame}`
        return this.sentence(
          severity,
          `${count(total, 'more finding')} follow${total === 1 ? 's' : ''} from ${from}: ${each} (--all shows them)`,
        )
      })
      .join('')
  }

  private fold({ connection = 0, code, severity }: FindingEvent, follows: FollowedFinding): void {
    const all = this.folded.get(connection) ?? []
    this.folded.set(connection, all)
    let folded = all.find(
      (each) => each.follows.code === follows.code && each.follows.frame === follows.frame,
    )
    if (folded === undefined) {
      folded = { follows, severity, codes: new Map() }
      all.push(folded)
    }
    folded.codes.set(code, (folded.codes.get(code) ?? 0) + 1)
  }

  /** Lines for each code of which more were found than printed. */
  tooMany(): string {
    let lines = ''
    for (const [code, seen] of this.counts) {
      const more = seen - this.options.findingsPerCode
      if (more > 0)
        lines += this.sentence(
          'capture',
          `limit-reached: ${count(more, 'more finding')} of the code ${code} not shown (limit findings)`,
        )
    }
    return lines
  }

  private sentence(severity: Severity, sentence: string): string {
    const lines = wrap(sentence, this.options.width - LABEL - 2)
    const painted = this.paint(SEVERITY_STYLES[severity], severity.padEnd(LABEL))
    return lines.map((line, i) => `  ${i === 0 ? painted : ' '.repeat(LABEL)}${line}\n`).join('')
  }
}

function placeOf({ frame, connection, firstPacket, lastPacket }: FindingEvent): string {
  if (frame !== undefined) return `frame ${frame}: `
  const last = lastPacket ?? firstPacket
  if (last !== undefined) return `${packetRange(firstPacket ?? last, last)}: `
  return connection === undefined ? '' : `connection ${connection}: `
}
