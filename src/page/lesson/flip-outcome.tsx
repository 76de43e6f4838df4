// What a turned bit breaks: the rules that the frame breaks itself, and what the receiver takes the bytes after it for. A wrong length does no harm
// to its own frame, only to the next one.
import { toHex } from '../../base/bytes.ts'
import type { FindingEvent } from '../../base/findings.ts'
import { FindingSentence } from '../findings/finding-sentence.tsx'
import { useWords } from '../words.tsx'
import type { Decoded, DecodedFrame } from './decode.ts'

/** Frames after the first that are told. */
const TOLD = 4

/** `bytes`: those that were decoded; the first frame was all of them before any bit was turned. */
export function BrokenRules({ bytes, decoded }: { readonly bytes: Uint8Array; readonly decoded: Decoded }) {
  const { laboratory: words, inspector } = useWords()
  const [first, ...next] = decoded.frames
  if (first === undefined) return <p>{inspector.noHeader}</p>
  const own = told(first.findings)
  const missing = missingOf(first)
  const rest = bytes.length - decoded.frames.reduce((sum, { inspected }) => sum + inspected.bytes.length, 0)
  const isAlone = missing === 0n && next.length === 0 && rest === 0
  return (
    <>
      {own.length === 0 && <p>{isAlone ? words.noRule : words.noRuleByItself}</p>}
      <FindingList findings={own} />
      {missing > 0n && <p>{words.waitsFor(missing)}</p>}
      {next.length + rest > 0 && (
        <>
          <h4>{words.afterIt}</h4>
          {next.slice(0, TOLD).map((frame) => (
            <NextFrame key={frame.event.frame} frame={frame} />
          ))}
          {next.length > TOLD && <p>{words.moreFrames(next.length - TOLD)}</p>}
          {rest > 0 && <p>{words.restIsNoHeader(rest)}</p>}
        </>
      )}
    </>
  )
}

/** A frame that nobody sent: what the receiver reads in the bytes that are left over. */
function NextFrame({ frame }: { readonly frame: DecodedFrame }) {
  const { laboratory: words, names } = useWords()
  const { fin, rsv1, rsv2, rsv3, opcode, masked, payloadLength } = frame.event
  const findings = told(frame.findings)
  const missing = missingOf(frame)
  return (
    <section class="next-frame">
      <p>
        <span class="code">{toHex(frame.inspected.bytes, ' ')}</span>{' '}
        {words.nextFrame(
          [fin, rsv1, rsv2, rsv3].map(Number).join(''),
          opcode,
          names.opcode(opcode),
          masked,
          payloadLength,
        )}{' '}
        {findings.length === 0 && words.nextBreaksNothing}
      </p>
      <FindingList findings={findings} />
      {missing > 0n && <p>{words.waitsFor(missing)}</p>}
    </section>
  )
}

function FindingList({ findings }: { readonly findings: readonly FindingEvent[] }) {
  const { laboratory: words } = useWords()
  return (
    <ul>
      {findings.map((finding, i) => (
        <li key={`${finding.code} ${i}`} class="finding">
          <strong>{finding.code}</strong> <FindingSentence finding={finding} />{' '}
          <cite>{finding.reference}</cite>
          {finding.closeCode !== undefined && <> {words.answeredWith(finding.closeCode)}</>}
        </li>
      ))}
    </ul>
  )
}

/** Without what is said of a capture that ends: nothing was captured here. */
function told(findings: readonly FindingEvent[]): FindingEvent[] {
  return findings.filter(({ severity }) => severity !== 'capture')
}

/** Bytes that a frame announces and that are not there. */
function missingOf({ event, inspected }: DecodedFrame): bigint {
  return BigInt(event.headerLength) + BigInt(event.payloadLength) - BigInt(inspected.bytes.length)
}
