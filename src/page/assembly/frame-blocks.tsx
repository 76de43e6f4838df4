// The frames of a message, and those between them, one block each, with what each brings and in which packets.
import { useEffect, useState } from 'preact/hooks'
import { toHex } from '../../base/bytes.ts'
import { useWords } from '../words.tsx'
import type { Block } from './blocks.ts'

/** Blocks that are shown at once. */
const SHOWN = 24
/** Bytes of a payload that are shown in its block. */
const SHOWN_BYTES = 12

/** `current`: the frame that is looked at; its page of blocks is shown. */
export function FrameBlocks(props: {
  readonly blocks: readonly Block[]
  readonly current?: number | undefined
  readonly onFrame?: ((frame: number) => void) | undefined
}) {
  const { assembly: words } = useWords()
  const { blocks, current, onFrame } = props
  const [chosen, setChosen] = useState(0)
  useEffect(() => setChosen(startOfPage(blocks, current)), [blocks, current])
  const last = Math.max(0, Math.floor((blocks.length - 1) / SHOWN) * SHOWN)
  const start = Math.min(chosen, last)
  const end = Math.min(blocks.length, start + SHOWN)
  return (
    <>
      <ol class="frame-blocks">
        {blocks.slice(start, end).map((block) => (
          <li
            key={block.frame.frame}
            class={`block ${block.frame.from} ${block.start === undefined ? 'came-between' : 'fragment'}`}
            aria-current={block.frame.frame === current ? 'true' : undefined}
          >
            <FrameBlock block={block} onFrame={onFrame} />
          </li>
        ))}
      </ol>
      {blocks.length > SHOWN && (
        <nav class="window-controls" aria-label={words.frames}>
          <button type="button" disabled={start === 0} onClick={() => setChosen(0)}>
            {words.first}
          </button>
          <button type="button" disabled={start === 0} onClick={() => setChosen(start - SHOWN)}>
            {words.earlier}
          </button>
          <span aria-live="polite">{words.framesShown(start + 1, end, blocks.length)}</span>
          <button type="button" disabled={end === blocks.length} onClick={() => setChosen(end)}>
            {words.later}
          </button>
          <button type="button" disabled={end === blocks.length} onClick={() => setChosen(last)}>
            {words.last}
          </button>
        </nav>
      )}
    </>
  )
}

function startOfPage(blocks: readonly Block[], current: number | undefined): number {
  const index = blocks.findIndex(({ frame }) => frame.frame === current)
  return Math.max(0, index - (index % SHOWN))
}

function FrameBlock(props: {
  readonly block: Block
  readonly onFrame?: ((frame: number) => void) | undefined
}) {
  const { assembly: words, names } = useWords()
  const { frame, start } = props.block
  const { onFrame } = props
  const title = words.frame(frame.frame)
  const { payload, payloadLength } = frame
  return (
    <>
      <p class="block-title">
        {onFrame === undefined ? (
          <strong>{title}</strong>
        ) : (
          <button type="button" class="prints" onClick={() => onFrame(frame.frame)}>
            {title}
          </button>
        )}{' '}
        <span class="block-sender">
          {frame.from === 'client' ? `${names.client} →` : `← ${names.server}`}
        </span>
      </p>
      <p>
        <code>
          FIN={Number(frame.fin)} RSV1={Number(frame.rsv1)} opcode={frame.opcode}
        </code>{' '}
        ({names.opcode(frame.opcode)})
      </p>
      <p>
        {words.packets(frame.firstPacket, frame.lastPacket)} · {words.payloadLength(payloadLength)}
      </p>
      <p class="note">
        {start === undefined
          ? words.isBetween
          : payloadLength === 0
            ? words.bringsNothing
            : words.brings(start, start + payloadLength - 1)}
      </p>
      {payload !== undefined && payload.length > 0 && (
        <p>
          <code>{toHex(payload, ' ', 0, Math.min(payload.length, SHOWN_BYTES))}</code>
          {payload.length > SHOWN_BYTES && ' …'}
        </p>
      )}
    </>
  )
}
