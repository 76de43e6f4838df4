// A finding as a card: how bad it is, the rule, what was found, the offending bits in their place, and the frame as it should have been.
import { useId, useMemo } from 'preact/hooks'
import type { FindingText } from '../../base/findings.ts'
import type { ReportFinding } from '../../report/page-data.ts'
import type { InspectedFrame } from '../inspector/inspected-frame.ts'
import { type ReadFrame, readFrame } from '../inspector/read-frame.ts'
import { useWords } from '../words.tsx'
import { FindingSentence } from './finding-sentence.tsx'
import { isInPayload, MarkedHeader, MarkedMessage, MarkedPayload } from './marked-bytes.tsx'
import { badCharacter, offendingSpots } from './offending.ts'
import { RepairedFrame } from './repaired-frame.tsx'
import { SeverityMark } from './severity-mark.tsx'
import './findings.css'

/** `frame`: the one that the finding is about, where it is at hand. `onOpen`: where the reader wants to see it. */
export function FindingCard(props: {
  readonly finding: Omit<ReportFinding, 'at'>
  readonly frame: InspectedFrame | undefined
  readonly onOpen?: () => void
}) {
  const { cards: words, findings, names } = useWords()
  const { finding, frame, onOpen } = props
  const read = useMemo(() => frame && readFrame(frame), [frame])
  const id = useId()
  const { code, severity, closeCode } = finding
  return (
    <article class={`finding-card ${severity}`} aria-labelledby={id}>
      <header>
        <SeverityMark severity={severity} /> <strong class="severity">{findings.severities[severity]}</strong>
        <h3 id={id}>
          <code>{code}</code>
        </h3>
        {onOpen !== undefined && (
          <button type="button" onClick={() => onOpen()}>
            {words.open}
          </button>
        )}
      </header>
      <p class="rule">
        {findings.rules[code]} <cite>{finding.reference}</cite>
      </p>
      <p>
        <FindingSentence finding={finding} />
      </p>
      <p class="note">
        {findings.faults[severity]} {placeOf(words, names, finding)}
        {closeCode !== undefined && <> {words.closesWith(closeCode, names.closeCode(closeCode))}</>}
      </p>
      {read?.header !== undefined && <Offending finding={finding} read={read} />}
      <h4>{words.repair}</h4>
      <RepairedFrame finding={finding} frame={frame} />
    </article>
  )
}

function Offending({ finding, read }: { readonly finding: FindingText; readonly read: ReadFrame }) {
  const { cards: words, names } = useWords()
  const spots = offendingSpots(finding, read)
  const inPayload = spots.find((spot) => isInPayload(read, spot))
  const inHeader = spots.filter((spot) => !isInPayload(read, spot))
  const data = read.frame.message?.data
  const bad =
    finding.code === 'invalid-utf8' && spots.length === 0 && data !== undefined
      ? badCharacter(data)
      : undefined
  return (
    <>
      <h4>{words.where(names.frame(read.header!.opcode))}</h4>
      <MarkedHeader read={read} spots={inHeader} />
      {inPayload !== undefined && <MarkedPayload read={read} spot={inPayload} />}
      {bad !== undefined && <MarkedMessage data={data!} start={bad[0]} end={bad[1]} />}
      {spots.length === 0 && bad === undefined && <p class="note">{words.noBit}</p>}
    </>
  )
}

/** Connection, frame, side at fault and packets, as far as they are known. */
function placeOf(
  words: ReturnType<typeof useWords>['cards'],
  names: ReturnType<typeof useWords>['names'],
  { connection, frame, from, packet }: Pick<ReportFinding, 'connection' | 'frame' | 'from' | 'packet'>,
): string {
  const parts = [
    connection === undefined ? '' : words.connection(connection),
    frame === undefined ? '' : words.frame(frame),
    from === undefined ? '' : names[from],
    packet === undefined ? '' : words.packets(packet.first, packet.last),
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : words.place(parts.join(' · '))
}
