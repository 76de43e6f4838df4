// A frame as it came and as it should have been, what changed marked byte by byte; or why there is no such frame.
import { toHex } from '../../base/bytes.ts'
import { Opcode } from '../../base/events.ts'
import type { FindingText } from '../../base/findings.ts'
import type { InspectedFrame } from '../inspector/inspected-frame.ts'
import { useWords } from '../words.tsx'
import { type ByteChanges, byteChanges, type Run } from './byte-changes.ts'
import { type Repair, type Repairable, repairOf } from './repair.ts'

/** Payload bytes that are compared: a control frame's all, with some that are too many. */
const SHOWN_CONTROL = 144
const SHOWN = 32

export function RepairedFrame(props: {
  readonly finding: FindingText
  readonly frame: InspectedFrame | undefined
}) {
  const { cards: words } = useWords()
  const { finding, frame } = props
  const repair = repairOf(finding, frame)
  if (typeof repair === 'string') return <p class="no-repair">{words.noRepair[repair]}</p>
  const before = repair.kind === 'instead' ? frame?.bytes : undefined
  const most = repair.frame.opcode >= Opcode.close ? SHOWN_CONTROL : SHOWN
  const changes = byteChanges(before, repair.bytes, most)
  const sentence = words.repairs[finding.code as Repairable]
  return (
    <>
      <p class="repair-sentence">{typeof sentence === 'string' ? sentence : sentence(repair)}</p>
      {before !== undefined && (
        <p>
          <span class="repair-label">{words.asItCame}</span> <Runs bytes={before} runs={changes.before} />
        </p>
      )}
      <p>
        <span class="repair-label">{labelOf(words, repair)}</span>{' '}
        <Runs bytes={repair.bytes} runs={changes.after} />
      </p>
      {before !== undefined && <p class="note">{legendOf(words, changes)}</p>}
    </>
  )
}

/** What the marks mean that are there. */
function legendOf(words: ReturnType<typeof useWords>['cards'], { before, after }: ByteChanges): string {
  const runs = [...before, ...after]
  const marks = (['changed', 'added', 'removed'] as const).filter((mark) =>
    runs.some(({ change }) => change === mark),
  )
  return marks.map((mark) => words.legend[mark]).join(' ')
}

function labelOf(words: ReturnType<typeof useWords>['cards'], { kind, from }: Repair): string {
  if (kind === 'instead') return words.asItShouldBe
  return from === 'client' ? words.missingFromClient : words.missingFromServer
}

function Runs({ bytes, runs }: { readonly bytes: Uint8Array; readonly runs: readonly Run[] }) {
  const { inspector } = useWords()
  const left = bytes.length - (runs.at(-1)?.end ?? 0)
  return (
    <code class="repair-bytes">
      {runs.map(({ change, start, end }) => {
        const hex = toHex(bytes, ' ', start, end)
        const Mark = MARKS[change]
        return (
          <span key={start}>
            <Mark>{hex}</Mark>{' '}
          </span>
        )
      })}
      {left > 0 && <span class="note">… {inspector.moreBytes(left)}</span>}
    </code>
  )
}

const MARKS = { same: 'span', changed: 'mark', removed: 'del', added: 'ins' } as const
