// Short conversations for the chapters that need more than one frame.
import { useMemo } from 'preact/hooks'
import { concat } from '../../../base/bytes.ts'
import { Opcode } from '../../../base/events.ts'
import { encodeFrame } from '../../../websocket/encode.ts'
import { compress } from '../../inflater.ts'
import { decode } from '../decode.ts'
import { utf8 } from '../exercises/draw.ts'
import { FramesView } from '../frames-view.tsx'
import { closeBody, makeFrames } from '../make-frames.ts'
import { drawKey } from '../random.ts'
import { ExampleSection } from './example-view.tsx'

/** A text in three fragments, a ping between them, and its pong. */
export function FragmentedConversation() {
  return (
    <Conversation
      make={() => {
        const fragments = makeFrames({
          opcode: Opcode.text,
          payload: utf8('Hello, World'),
          key: drawKey,
          fragments: 3,
        })
        const ping = makeFrames({ opcode: Opcode.ping, payload: utf8('?'), key: drawKey })
        const pong = makeFrames({ opcode: Opcode.pong, payload: utf8('?') })
        return [...fragments.slice(0, 2), ...ping, ...pong, ...fragments.slice(2)]
      }}
    />
  )
}

/** A ping and its pong, both ways. */
export function PingConversation() {
  return (
    <Conversation
      make={() => [
        ...makeFrames({ opcode: Opcode.ping, payload: utf8('alive?') }),
        ...makeFrames({ opcode: Opcode.pong, payload: utf8('alive?'), key: drawKey }),
        ...makeFrames({ opcode: Opcode.ping, payload: new Uint8Array(0), key: drawKey }),
        ...makeFrames({ opcode: Opcode.pong, payload: new Uint8Array(0) }),
      ]}
    />
  )
}

/** Both close frames. */
export function ClosingConversation() {
  return (
    <Conversation
      make={() => [
        ...makeFrames({ opcode: Opcode.close, payload: closeBody(1000, 'done'), key: drawKey }),
        ...makeFrames({ opcode: Opcode.close, payload: closeBody(1000, 'done') }),
      ]}
    />
  )
}

/** Two messages of a server; the second refers to the first. */
export function CompressedConversation() {
  return (
    <Conversation
      make={() => {
        const first = utf8('the quick brown fox')
        const second = utf8('the quick brown fox again')
        return [compress(first), compress(second, first)].map((payload) =>
          encodeFrame({ fin: true, rsv1: true, opcode: Opcode.text, payload }),
        )
      }}
    />
  )
}

function Conversation({ make }: { readonly make: () => readonly Uint8Array[] }) {
  const decoded = useMemo(() => decode(concat(make())), [])
  return (
    <ExampleSection>
      <FramesView decoded={decoded} />
    </ExampleSection>
  )
}
