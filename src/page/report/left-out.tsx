// Says what the limits of a report kept out of the page, and which options raise them.
import { HEAD_LIMITS, type ReportData } from '../../report/page-data.ts'
import { useWords } from '../words.tsx'
import { bytesText, countText } from './amounts.ts'

/** Nothing if all of the capture is in the page. */
export function LeftOutNotice({ data }: { readonly data: ReportData }) {
  const { report: words } = useWords()
  const { connections, heads, frames, findings, findingsOfCode, payloads, traces, isIndexFull, limits } =
    data.leftOut
  const said = [
    connections > 0 && words.leftOutConnections(countText(connections)),
    heads > 0 &&
      words.leftOutHeads(
        countText(heads),
        bytesText(HEAD_LIMITS.characters),
        HEAD_LIMITS.headers,
        bytesText(HEAD_LIMITS.text),
      ),
    frames > 0 && words.leftOutFrames(countText(frames), countText(limits.frames)),
    payloads > 0 &&
      words.leftOutPayloads(countText(payloads), bytesText(limits.payload), bytesText(limits.bytes)),
    traces > 0 && words.leftOutTraces(countText(traces)),
    findings > 0 && words.leftOutFindings(countText(findings)),
  ].filter(Boolean)
  if (said.length === 0) return null
  const options = [
    isIndexFull && '--embed-index',
    frames > 0 && data.frames.rows >= limits.frames && '--embed-frames',
    payloads > 0 && '--embed-payload',
    payloads > 0 && '--embed-bytes',
    findingsOfCode > 0 && '--limit-findings',
  ].filter(Boolean)
  return (
    <p class="left-out">
      {words.leftOut} {said.join(' ')}
      {options.length > 0 && ` ${words.leftOutCure} `}
      {options.map((option, i) => (
        <>
          {i > 0 && ', '}
          <code>{option}</code>
        </>
      ))}
      {options.length > 0 && '.'}
    </p>
  )
}
