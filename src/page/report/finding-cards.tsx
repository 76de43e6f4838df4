import { useState } from 'preact/hooks'
import type { ReportFinding } from '../../page-data.ts'
import { fieldsOf } from '../../websocket/fields.ts'
import { decodeHeader } from '../../websocket/header.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import { packetsText } from './amounts.ts'
import type { ReportCapture } from './capture.ts'
import { headerOf, payloadOf } from './frame-content.ts'
import { inspectedFrame } from './inspected.ts'
import { useNavigation } from './place.ts'
import { offendingFields, repairedFrame } from './repair.ts'

/** Cards that are shown before somebody asks for more. */
const SHOWN = 40

/** Findings, each as a card. `isLinked`: with a way to the frame. */
export function FindingCards(props: {
  readonly capture: ReportCapture
  readonly findings: readonly ReportFinding[]
  readonly isLinked: boolean
}) {
  const { report: words } = useWords()
  const { capture, findings, isLinked } = props
  const [shown, setShown] = useState(SHOWN)
  if (findings.length === 0) return <p>{words.noFindings}</p>
  return (
    <>
      <ul class="finding-cards">
        {findings.slice(0, shown).map((finding, i) => (
          <FindingCard
            key={`${finding.connection} ${finding.frame} ${finding.code} ${i}`}
            capture={capture}
            finding={finding}
            isLinked={isLinked}
          />
        ))}
      </ul>
      {findings.length > shown && (
        <button type="button" onClick={() => setShown(shown + 10 * SHOWN)}>
          {words.moreFindings(findings.length - shown)}
        </button>
      )}
    </>
  )
}

function FindingCard(props: {
  readonly capture: ReportCapture
  readonly finding: ReportFinding
  readonly isLinked: boolean
}) {
  const { report: words, findings: sentences, names } = useWords()
  const { go } = useNavigation()
  const { capture, finding, isLinked } = props
  const { code, severity, connection, frame, from, packet } = finding
  const row = connection === undefined || frame === undefined ? undefined : capture.rowOf(connection, frame)
  const header = row === undefined ? undefined : headerOf(capture, row)
  const about = header && from && { ...header, from }
  return (
    <li class={`finding-card ${severity}`}>
      <h4>
        <span class="mono">{code}</span> <small>{sentences.severities[severity]}</small>
      </h4>
      <p class="rule">
        {sentences.rules[code]} <cite>{finding.reference}</cite>
      </p>
      <p>
        {from !== undefined && <span class={`side-${from}`}>{names[from]}: </span>}
        <bdi>{shownText(sentences.sentence(finding, about))}</bdi>
      </p>
      <p class="note">
        {sentences.faults[severity]}
        {packet !== undefined && ` ${words.packetNumbers(packetsText(packet.first, packet.last))}.`}
        {finding.closeCode !== undefined && ` ${words.closesWith(finding.closeCode)}`}
      </p>
      {row !== undefined && <Repair capture={capture} finding={finding} row={row} />}
      {isLinked && row !== undefined && (
        <button
          type="button"
          onClick={() => go({ connection, frame, view: 'frames', field: undefined, step: undefined })}
        >
          {words.goToFrame(frame!)}
        </button>
      )}
    </li>
  )
}

/** The bits that break the rule, and the frame as it should have been. */
function Repair(props: {
  readonly capture: ReportCapture
  readonly finding: ReportFinding
  readonly row: number
}) {
  const { report: words } = useWords()
  const [isOpen, setOpen] = useState(false)
  const { capture, finding, row } = props
  const offending = offendingFields(finding.code)
  if (offending.length === 0) return null
  const { bytes } = inspectedFrame(capture, row)
  const repaired = repairedFrame(finding.code, headerOf(capture, row), payloadOf(capture, row))
  return (
    <>
      <FrameBits label={words.asSent} bytes={bytes} marked={offending} />
      {repaired !== undefined && (
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {words.repair}
        </button>
      )}
      {repaired !== undefined && isOpen && (
        <FrameBits label={words.asItShouldBe} bytes={repaired} marked={offending} />
      )}
    </>
  )
}

/** Bytes of a payload that are shown. */
const PAYLOAD_SHOWN = 24

function FrameBits(props: {
  readonly label: string
  readonly bytes: Uint8Array
  readonly marked: readonly string[]
}) {
  const { report: words, fields: fieldWords } = useWords()
  const { label, bytes, marked } = props
  const header = decodeHeader(bytes)
  if (header === undefined) return null
  return (
    <dl class="frame-bits">
      <dt>{label}</dt>
      <dd>
        {fieldsOf(header).map(({ name, firstBit, bits }) => (
          <span key={name} class={marked.includes(name) ? 'offending' : ''}>
            <small>{fieldWords.names[name]}</small>
            <code>{bitsText(bytes, firstBit, bits)}</code>
            {marked.includes(name) && <span class="hidden-label"> {words.offending}</span>}
          </span>
        ))}
      </dd>
    </dl>
  )
}

/** Up to 16 bits as bits, more as bytes. */
function bitsText(bytes: Uint8Array, firstBit: number, bits: number): string {
  if (bits <= 16) {
    const at = Array.from({ length: bits }, (_, i) => firstBit + i)
    return at.map((bit) => ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1).join('')
  }
  const start = firstBit / 8
  const end = Math.min(bytes.length, start + bits / 8)
  const shown = Math.min(end, start + PAYLOAD_SHOWN)
  const hex = Array.from(bytes.subarray(start, shown), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return shown < end ? `${hex} …` : hex
}
