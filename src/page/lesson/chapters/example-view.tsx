// An example in a chapter: one frame under the inspector, and its place in the capture.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { shownText } from '../../captured-text.ts'
import { Inspector } from '../../inspector/inspector.tsx'
import { useWords } from '../../words.tsx'
import type { Example } from '../material.ts'

/** A frame of the class's capture, or one that was made. `madeUpFor`: the capture that had none, if there is one. */
export function ExampleView(props: { readonly example: Example; readonly madeUpFor?: string | undefined }) {
  const { example, madeUpFor } = props
  const { lesson: words } = useWords()
  const [field, setField] = useState<string | undefined>(undefined)
  const [step, setStep] = useState<number | undefined>(undefined)
  const { place, inspected } = example
  return (
    <ExampleSection>
      {place !== undefined && (
        <p class="note">{words.fromCapture(shownText(place.name), place.connection, place.frame)}</p>
      )}
      {place === undefined && madeUpFor !== undefined && (
        <p class="note">{words.madeUp(shownText(madeUpFor))}</p>
      )}
      <Inspector frame={inspected} field={field} step={step} onField={setField} onStep={setStep} />
    </ExampleSection>
  )
}

/** The part of a chapter that shows what its text tells of. */
export function ExampleSection({ children }: { readonly children: ComponentChildren }) {
  const { lesson: words } = useWords()
  return (
    <section class="example">
      <h2>{words.example}</h2>
      {children}
    </section>
  )
}
