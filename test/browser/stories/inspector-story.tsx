// The inspector on a frame that is told by numbers, since bytes cannot be handed into the page: a binary frame of a server.
import { useMemo, useState } from 'preact/hooks'
import type { InspectedFrame } from '../../../src/page/inspector/inspected-frame.ts'
import { Inspector } from '../../../src/page/inspector/inspector.tsx'
import { encodeFrame } from '../../../src/websocket/encode.ts'

/** `payloadLength`: bytes 0, 1, 2 … again and again. */
export interface InspectorStoryProps {
  readonly payloadLength: number
  readonly holes?: InspectedFrame['holes']
  readonly segments?: InspectedFrame['segments']
  /** Bytes that are cut off its end. */
  readonly cut?: number
}

export function InspectorStory({ payloadLength, holes = [], segments = [], cut = 0 }: InspectorStoryProps) {
  const [field, setField] = useState<string | undefined>(undefined)
  const [step, setStep] = useState<number | undefined>(undefined)
  const frame = useMemo((): InspectedFrame => {
    const payload = Uint8Array.from({ length: payloadLength }, (_, i) => i)
    const whole = encodeFrame({ fin: true, opcode: 2, payload })
    return {
      bytes: whole.subarray(0, whole.length - cut),
      from: 'server',
      holes,
      announcedLength: whole.length,
      message: {
        opcodeName: 'binary',
        frames: [1],
        compressed: false,
        wirePayload: payload,
        payloadAt: 0,
        window: undefined,
        data: payload,
        incomplete: false,
      },
      findings: [],
      segments,
    }
  }, [])
  return <Inspector frame={frame} field={field} step={step} onField={setField} onStep={setStep} />
}
