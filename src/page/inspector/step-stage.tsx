// "Step through": the decoding in order, in letters that the last row of a classroom can read, with the cursor on the real bytes.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { toHex } from '../../base/bytes.ts'
import { fieldMeaning } from '../../language/field-meaning.ts'
import { useWords } from '../words.tsx'
import { bitsOf, characterOf, hexOf } from './byte-text.ts'
import { valueText } from './field-value.ts'
import { MessageView } from './message-view.tsx'
import {
  fieldAt,
  fieldColour,
  isCompressed,
  keyBytes,
  type ReadFrame,
  unmaskedPayload,
} from './read-frame.ts'
import type { Step } from './steps.ts'

/** Bytes around the cursor that are shown large. */
const AROUND = 12
/** Bytes of what was inflated that are shown. */
const SHOWN = 32

/** `step`: the number of the step, 0 … `steps.length` - 1. */
export function StepStage(props: {
  readonly read: ReadFrame
  readonly steps: readonly Step[]
  readonly step: number
  readonly onStep: (step: number | undefined) => void
}) {
  const { inspector: words } = useWords()
  const { read, steps, step, onStep } = props
  const current = steps[step]!
  const go = (to: number): void => onStep(Math.min(steps.length - 1, Math.max(0, to)))

  // Not after the next paint: a key pressed before that would count from the step before.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target, key } = event
      if (event.altKey || event.ctrlKey || event.metaKey) return
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return
      if (target instanceof HTMLSelectElement) return
      if (key === 'ArrowRight' || key === 'ArrowDown') go(step + 1)
      else if (key === 'ArrowLeft' || key === 'ArrowUp') go(step - 1)
      else if (key === 'Home') go(0)
      else if (key === 'End') go(steps.length - 1)
      else if (key === 'Escape') onStep(undefined)
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    // Comes before everything else on the page that arrow keys move.
    document.addEventListener('keydown', press, true)
    return () => document.removeEventListener('keydown', press, true)
  })

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame
    <div class="step-stage" role="group" aria-label={words.stepThrough}>
      <div class="step-controls">
        <button type="button" disabled={step === 0} onClick={() => go(step - 1)}>
          ← {words.back}
        </button>
        <progress value={step + 1} max={steps.length} aria-label={words.stepThrough} />
        <span>{words.stepOf(step + 1, steps.length)}</span>
        <button type="button" disabled={step === steps.length - 1} onClick={() => go(step + 1)}>
          {words.forwards} →
        </button>
        <button type="button" onClick={() => onStep(undefined)}>
          {words.endSteps}
        </button>
      </div>
      <BytesAtCursor read={read} step={current} />
      <div class="step-text" aria-live="polite">
        <Explanation read={read} step={current} />
      </div>
      <p class="note">{words.stepKeys}</p>
    </div>
  )
}

/** The bytes around the cursor; those before it are tinted, since they are decoded. */
function BytesAtCursor({ read, step }: { readonly read: ReadFrame; readonly step: Step }) {
  const { bytes } = read.frame
  const cursor = Math.floor(step.spot.start / 8)
  const cursorEnd = Math.ceil(step.spot.end / 8)
  const start = Math.max(0, Math.min(cursor - 4, bytes.length - AROUND))
  const shown = Array.from(bytes.subarray(start, start + AROUND), (byte, i) => [byte, start + i] as const)
  return (
    <div class="step-bytes code" aria-hidden="true">
      {start > 0 && <span class="step-more">…</span>}
      {shown.map(([byte, at]) => {
        const isCursor = at >= cursor && at < cursorEnd
        const isWhole = step.spot.end - step.spot.start >= 8
        const look = [isCursor ? 'cursor' : at < cursor ? 'decoded' : '']
        if (isCursor ? isWhole : at < cursor)
          look.push(fieldColour(fieldAt(read.fields, at * 8 + (at === 1 ? 1 : 0))))
        return (
          <span key={at} class={`step-byte ${look.join(' ')}`}>
            <span class="step-hex">{hexOf(byte)}</span>
            {isCursor && cursorEnd - cursor === 1 && (
              <span class="step-bits">
                {Array.from({ length: 8 }, (_, i) => {
                  const bit = at * 8 + i
                  const own = bit >= step.spot.start && bit < step.spot.end
                  const before = bit < step.spot.start
                  const colour = own || before ? fieldColour(fieldAt(read.fields, bit)) : ''
                  return (
                    <span key={i} class={`${own ? 'cursor' : before ? 'decoded' : ''} ${colour}`}>
                      {(byte >> (7 - i)) & 1}
                    </span>
                  )
                })}
              </span>
            )}
          </span>
        )
      })}
      {start + AROUND < bytes.length && <span class="step-more">…</span>}
    </div>
  )
}

function Explanation({ read, step }: { readonly read: ReadFrame; readonly step: Step }) {
  const catalogue = useWords()
  const { inspector: words, fields: fieldWords } = catalogue
  const { message } = read.frame
  switch (step.kind) {
    case 'field':
      return (
        <Said
          heading={fieldWords.names[step.field.name]}
          value={valueText(step.field, catalogue)}
          reference={step.field.reference}
        >
          {fieldMeaning(fieldWords, step.field)}
        </Said>
      )
    case 'unmask': {
      const { index } = step
      const masked = read.frame.bytes[read.payloadAt + index]!
      const key = keyBytes(read)![index % 4]!
      const plain = masked ^ key
      const done = unmaskedPayload(read, 0, index + 1)
      return (
        <Said
          heading={words.unmaskByte(index)}
          value={`${hexOf(masked)} ⊕ ${hexOf(key)} = ${hexOf(plain)}`}
          reference="RFC 6455 §5.3"
        >
          <span class="code step-xor">
            {bitsOf(masked)} {words.onTheWire}
            <br />
            {bitsOf(key)} {words.keyByteOf(index % 4)}
            <br />
            {bitsOf(plain)} {words.xorResult(isCompressed(read) ? words.notTextYet : characterOf(plain))}
          </span>
          <span class="code">{words.soFar(toHex(done, ' '))}</span>
        </Said>
      )
    }
    case 'unmask-rest':
      return (
        <Said heading={words.unmaskRest} value={words.bytes(step.count)} reference="RFC 6455 §5.3">
          {words.unmaskRestWhy}
        </Said>
      )
    case 'append':
      return (
        <Said heading={words.appendTail} value="00 00 ff ff" reference="RFC 7692 §7.2.2">
          {words.whyAppended}
        </Said>
      )
    case 'inflate': {
      const data = message!.data!
      const hex = toHex(data, ' ', 0, Math.min(SHOWN, data.length)) + (data.length > SHOWN ? ' …' : '')
      return (
        <Said heading={words.inflated} value={hex} reference="RFC 7692 §7.2.2">
          {words.ratio(message!.wirePayload?.length ?? read.payloadLength, data.length)}
        </Said>
      )
    }
    case 'message':
      return (
        <Said
          heading={words.message}
          value=""
          reference={message === undefined ? 'RFC 6455 §5.5' : 'RFC 6455 §5.6'}
        >
          <MessageView read={read} />
        </Said>
      )
  }
}

function Said(props: {
  readonly heading: string
  readonly value: string
  readonly reference: string
  readonly children: ComponentChildren
}) {
  return (
    <>
      <h3>
        {props.heading} {props.value !== '' && <span class="code step-value">{props.value}</span>}
      </h3>
      <div>
        {props.children} <cite>{props.reference}</cite>
      </div>
    </>
  )
}
