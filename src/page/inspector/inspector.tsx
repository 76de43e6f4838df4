// The frame inspector: one frame in several linked panes. Pointing at something in one pane lights up the same bytes in all
// others.
import { useMemo, useState } from 'preact/hooks'
import { FindingSentence } from '../findings/finding-sentence.tsx'
import { useWords } from '../words.tsx'
import { BitDiagram } from './bit-diagram.tsx'
import { FieldTable } from './field-table.tsx'
import { HexDump } from './hex-dump.tsx'
import { InflateStep } from './inflate-step.tsx'
import type { InspectedFrame } from './inspected-frame.ts'
import { MaskingTable } from './masking-table.tsx'
import { MessageView } from './message-view.tsx'
import { fieldSpot, readFrame } from './read-frame.ts'
import { PointingContext, type Spot, spotOf } from './spot.ts'
import { StepStage } from './step-stage.tsx'
import { stepsOf } from './steps.ts'
import { TcpLens } from './tcp-lens.tsx'
import './inspector.css'

/** `field`: the name of the field that is chosen; `step`: the step of "step through", from 0, undefined if it is off. */
export function Inspector(props: {
  readonly frame: InspectedFrame
  readonly field?: string | undefined
  readonly step?: number | undefined
  readonly onField?: (name: string | undefined) => void
  readonly onStep?: (step: number | undefined) => void
}) {
  const { inspector: words, findings } = useWords()
  const { frame, field, step, onField, onStep } = props
  const read = useMemo(() => readFrame(frame), [frame])
  const steps = useMemo(() => stepsOf(read), [read])
  const [pointed, setPointed] = useState<Spot | undefined>(undefined)
  const [unmasked, setUnmasked] = useState(false)
  const [annotated, setAnnotated] = useState(false)
  const [lens, setLens] = useState(false)

  const current = step === undefined ? undefined : steps[Math.min(step, steps.length - 1)]
  const chosen = read.fields.find(({ name }) => name === field)
  const lit = pointed ?? current?.spot ?? (chosen && fieldSpot(chosen))
  const pointing = { lit, decoded: current?.spot.end }
  const choose = (name: string): void => onField?.(name === field ? undefined : name)
  const isMasked = read.header?.masked === true && read.payloadLength > 0

  return (
    <PointingContext.Provider value={pointing}>
      {/* The pointer is for sighted readers; from the keyboard, moving the focus points as well. */}
      <div
        class={`inspector ${annotated ? 'annotated' : ''} ${current === undefined ? '' : 'stepping'}`}
        onPointerOver={({ target }) => setPointed(spotOf(target))}
        onPointerLeave={() => setPointed(undefined)}
        onFocusIn={({ target }) => setPointed(spotOf(target))}
        onFocusOut={() => setPointed(undefined)}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame */}
        <div class="inspector-tools" role="group" aria-label={words.tools}>
          {steps.length > 0 && (
            <button
              type="button"
              aria-pressed={current !== undefined}
              onClick={() => onStep?.(current === undefined ? 0 : undefined)}
            >
              {words.stepThrough}
            </button>
          )}
          {isMasked && (
            <button type="button" aria-pressed={unmasked} onClick={() => setUnmasked(!unmasked)}>
              {words.showUnmasked}
            </button>
          )}
          {frame.segments.length > 0 && (
            <button type="button" aria-pressed={lens} onClick={() => setLens(!lens)}>
              {words.lens}
            </button>
          )}
          <button type="button" aria-pressed={annotated} onClick={() => setAnnotated(!annotated)}>
            {words.annotateAll}
          </button>
        </div>
        {current !== undefined && (
          <StepStage read={read} steps={steps} step={steps.indexOf(current)} onStep={(to) => onStep?.(to)} />
        )}
        {read.header === undefined && <p class="note">{words.noHeader}</p>}
        <div class="inspector-panes">
          <section class="pane-diagram">
            <h3>{words.diagram}</h3>
            <BitDiagram read={read} chosen={field} onField={choose} />
            <p class="explanation">{words.aboutDiagram}</p>
          </section>
          <section class="pane-dump">
            <h3>{unmasked && isMasked ? words.dumpUnmasked : words.dump}</h3>
            <HexDump read={read} unmasked={unmasked && isMasked} lens={lens} />
            {lens && <TcpLens frame={frame} />}
            <p class="explanation">{words.aboutDump}</p>
          </section>
          <section class="pane-fields">
            <FieldTable read={read} chosen={field} annotated={annotated} onField={choose} />
          </section>
          {isMasked && (
            <section class="pane-masking">
              <MaskingTable read={read} />
              <p class="explanation">
                {words.aboutMasking} <cite>RFC 6455 §5.3, §10.3</cite>
              </p>
            </section>
          )}
          {frame.message?.compressed === true && (
            <div class="pane-inflate">
              <InflateStep read={read} message={frame.message} />
              <p class="explanation">
                {words.aboutInflating} <cite>RFC 7692 §7.2</cite>
              </p>
            </div>
          )}
          <section class="pane-message">
            <h3>{words.message}</h3>
            <MessageView read={read} />
            {frame.message !== undefined && (
              <p class="explanation">
                {words.aboutMessage(frame.message.frames.length)} <cite>RFC 6455 §5.4, §5.6</cite>
              </p>
            )}
          </section>
          {frame.findings.length > 0 && (
            <section class="pane-findings">
              <h3>{words.findings}</h3>
              <ul>
                {frame.findings.map((finding, i) => (
                  <li key={`${finding.code} ${i}`} class={`finding ${finding.severity}`}>
                    <strong>
                      {findings.severities[finding.severity]} {finding.code}
                    </strong>{' '}
                    <FindingSentence finding={finding} /> <cite>{finding.reference}</cite>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </PointingContext.Provider>
  )
}
