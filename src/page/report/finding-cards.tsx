// Findings, each as a card: some of them at first, more when asked for.
import { useMemo, useState } from 'preact/hooks'
import type { ReportFinding } from '../../report/page-data.ts'
import { FindingCard } from '../findings/finding-card.tsx'
import { useWords } from '../words.tsx'
import { countText } from './amounts.ts'
import type { ReportCapture } from './capture.ts'
import { inspectedFrame } from './inspected.ts'
import { useNavigation } from './place.ts'
import { usePrinting } from './printing.ts'

/** Cards that are shown before the reader asks for more. */
const SHOWN = 40
/** Cards that are printed. */
const MOST_PRINTED_CARDS = 400

/** Findings, each as a card. `isLinked`: with a link to the frame. `leftOut`: how many more there are that the page does not hold. */
export function FindingCards(props: {
  readonly capture: ReportCapture
  readonly findings: readonly ReportFinding[]
  readonly isLinked: boolean
  readonly leftOut?: number
}) {
  const { report: words } = useWords()
  const { capture, findings, isLinked, leftOut = 0 } = props
  const isPrinting = usePrinting()
  const [asked, setAsked] = useState(SHOWN)
  const shown = isPrinting ? Math.max(asked, MOST_PRINTED_CARDS) : asked
  if (findings.length + leftOut === 0) return <p>{words.noFindings}</p>
  return (
    <>
      <ul class="finding-cards">
        {findings.slice(0, shown).map((finding, i) => (
          <li key={`${finding.connection} ${finding.frame} ${finding.code} ${i}`}>
            <CardOfReport capture={capture} finding={finding} isLinked={isLinked} />
          </li>
        ))}
      </ul>
      {isPrinting && findings.length > shown && (
        <p class="not-printed">{words.findingsNotPrinted(countText(findings.length - shown))}</p>
      )}
      {findings.length > shown && (
        <button type="button" onClick={() => setAsked(asked + 10 * SHOWN)}>
          {words.moreFindings(findings.length - shown)}
        </button>
      )}
      {leftOut > 0 && <p class="left-out">{words.findingsNotKept(countText(leftOut))}</p>}
    </>
  )
}

function CardOfReport(props: {
  readonly capture: ReportCapture
  readonly finding: ReportFinding
  readonly isLinked: boolean
}) {
  const { go } = useNavigation()
  const { capture, finding, isLinked } = props
  const { connection, frame: number } = finding
  const row = connection === undefined || number === undefined ? undefined : capture.rowOf(connection, number)
  const frame = useMemo(() => (row === undefined ? undefined : inspectedFrame(capture, row)), [capture, row])
  const open = (): void =>
    go({ connection, frame: number, view: 'frames', field: undefined, step: undefined })
  return (
    <FindingCard
      finding={finding}
      frame={frame}
      {...(isLinked && row !== undefined ? { onOpen: open } : {})}
    />
  )
}
