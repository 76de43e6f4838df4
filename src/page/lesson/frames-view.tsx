// Decoded frames: a choice between them if there are several, and the inspector on the chosen one.
import { useState } from 'preact/hooks'
import { FindingSentence } from '../findings/finding-sentence.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { useWords } from '../words.tsx'
import type { Decoded, DecodedFrame } from './decode.ts'

/** Frames that are listed. */
const LISTED = 200

/** The frames of what was decoded. */
export function FramesView({ decoded }: { readonly decoded: Decoded }) {
  const { laboratory: words, names } = useWords()
  const [chosen, setChosen] = useState(0)
  const { frames, otherFindings } = decoded
  const frame = frames[Math.min(chosen, frames.length - 1)]
  return (
    <>
      {frames.length > 1 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame
        <div class="frame-choice" role="group" aria-label={words.frames}>
          {frames.slice(0, LISTED).map((each, i) => (
            <button
              key={each.event.frame}
              type="button"
              class={each.event.from}
              aria-pressed={each === frame}
              onClick={() => setChosen(i)}
            >
              {words.frameNumber(each.event.frame, each.event.from, names.opcode(each.event.opcode))}
            </button>
          ))}
          {frames.length > LISTED && <span class="note">{words.moreFrames(frames.length - LISTED)}</span>}
        </div>
      )}
      {otherFindings.length > 0 && (
        <ul class="loose-findings">
          {otherFindings.map((finding, i) => (
            <li key={`${finding.code} ${i}`} class="finding">
              <strong>{finding.code}</strong> <FindingSentence finding={finding} />{' '}
              <cite>{finding.reference}</cite>
            </li>
          ))}
        </ul>
      )}
      {frame !== undefined && <OneFrame frame={frame} />}
    </>
  )
}

/** The inspector on one frame. It keeps what is chosen in the frame. */
export function OneFrame({ frame }: { readonly frame: DecodedFrame }) {
  const [field, setField] = useState<string | undefined>(undefined)
  const [step, setStep] = useState<number | undefined>(undefined)
  return <Inspector frame={frame.inspected} field={field} step={step} onField={setField} onStep={setStep} />
}
