import { useMemo } from 'preact/hooks'
import { MessageFlag } from '../../report/page-data.ts'
import { MessageAssembly } from '../assembly/message-assembly.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { useWords } from '../words.tsx'
import { packetsText } from './amounts.ts'
import { assembledFrames } from './assembled.ts'
import type { ReportCapture } from './capture.ts'
import { CopyButtons } from './copy-buttons.tsx'
import { FindingCards } from './finding-cards.tsx'
import { dataOf, isWhole, messageOf, opcodeOf, sideOf } from './frame-content.ts'
import { inspectedFrame } from './inspected.ts'
import { JsonTree, jsonOf } from './json-tree.tsx'
import { useNavigation } from './place.ts'

/** All that is known of one frame. */
export function FramePanel({ capture, row }: { readonly capture: ReportCapture; readonly row: number }) {
  const { report: words, names } = useWords()
  const { place, go } = useNavigation()
  const { frames } = capture
  const frame = useMemo(() => inspectedFrame(capture, row), [capture, row])
  const parts = useMemo(() => assembledFrames(capture, row), [capture, row])
  const json = useMemo(() => messageJson(capture, row), [capture, row])
  const side = sideOf(capture, row)
  const findings = capture.findingsOf.get(row) ?? []
  const open = (number: number): void => {
    const to = capture.rowOf(frames.connection[row]!, number)
    // Among all connections a frame has the number of its row.
    const frame = place.connection === undefined ? to! + 1 : number
    go({ frame, field: undefined, step: undefined })
  }
  return (
    <section class="frame-panel" aria-labelledby="frame-title">
      <h3 id="frame-title">
        {words.frameTitle(frames.frame[row]!, names.frame(opcodeOf(capture, row)))}{' '}
        <span class={`side-${side}`}>
          {side === 'client' ? `${names.client} → ${names.server}` : `${names.server} → ${names.client}`}
        </span>{' '}
        <small>{words.packetNumbers(packetsText(frames.firstPacket[row]!, frames.lastPacket[row]!))}</small>
      </h3>
      <CopyButtons capture={capture} row={row} />
      {findings.length > 0 && <FindingCards capture={capture} findings={findings} isLinked={false} />}
      {/* Its findings are the cards above. */}
      <Inspector
        frame={{ ...frame, findings: [] }}
        field={place.field}
        step={place.step}
        onField={(field) => go({ field })}
        onStep={(step) => go({ step }, step !== undefined && place.step !== undefined)}
      />
      {frame.message !== undefined && parts !== undefined && (
        <MessageAssembly message={frame.message} frames={parts} current={frames.frame[row]!} onFrame={open} />
      )}
      {json !== undefined && (
        <section class="json-view" aria-labelledby="json-title">
          <h3 id="json-title">{words.json}</h3>
          <JsonTree key={row} value={json} />
        </section>
      )}
    </section>
  )
}

/** What the frame's message says as JSON; undefined if its text is not whole, or not JSON. */
function messageJson(capture: ReportCapture, row: number): object | undefined {
  const message = messageOf(capture, row)
  if (message === undefined || !(capture.messages.flags[message]! & MessageFlag.isText)) return undefined
  const data = dataOf(capture, message)
  return isWhole(capture, message, data) ? jsonOf(new TextDecoder().decode(data)) : undefined
}
