// How a message was put together: its fragments and the frames between them as blocks, and its bytes joined. If it was
// compressed, also the bytes that are put back after them, the window that is taken over, and what comes out.
import { useId, useMemo } from 'preact/hooks'
import { toHex } from '../../base/bytes.ts'
import { shownUtf8 } from '../captured-text.ts'
import { useByteWindow, WindowControls } from '../inspector/byte-window.tsx'
import type { InspectedMessage } from '../inspector/inspected-frame.ts'
import { useWords } from '../words.tsx'
import { type AssemblyFrame, type Block, blocksOf, type Missing, missingOf, stretchesOf } from './blocks.ts'
import { FrameBlocks } from './frame-blocks.tsx'
import { MessageStrip } from './message-strip.tsx'
import './assembly.css'

export type { AssemblyFrame } from './blocks.ts'

/** Joined bytes that are shown at once. */
const SHOWN_BYTES = 256
/** Bytes of the message's text that are shown at once. */
const SHOWN_TEXT = 2048
/** The last bytes of the window that are shown. */
const SHOWN_WINDOW = 96
/** How many reasons are given why a message is not complete. */
const MOST_REASONS = 12

/**
 * `frames`: those of the message and the ones between them, in order. `current`: the one that is looked at. `onFrame`: called
 * when one is chosen.
 */
export function MessageAssembly(props: {
  readonly message: InspectedMessage
  readonly frames: readonly AssemblyFrame[]
  readonly current?: number
  readonly onFrame?: (frame: number) => void
}) {
  const { assembly: words } = useWords()
  const { message, frames, current, onFrame } = props
  const id = useId()
  const blocks = useMemo(() => blocksOf(message, frames), [message, frames])
  const missing = useMemo(() => missingOf(message, blocks, MOST_REASONS), [message, blocks])
  const between = blocks.filter(({ start }) => start === undefined).length
  const { compressed, wirePayload, data } = message
  return (
    <section class="assembly" aria-labelledby={id}>
      <h3 id={id}>{words.title}</h3>
      <p class="about">
        {words.about(message.frames.length, between)} <cite>RFC 6455 §5.4</cite>
      </p>
      {missing.length > 0 && (
        <ul class="missing-parts">
          {missing.map((part) => (
            <li key={JSON.stringify(part)}>
              <strong aria-hidden="true">▲</strong> {reasonOf(words, part)}
            </li>
          ))}
        </ul>
      )}
      <ol class="stages">
        <li>
          <h4>{words.frames}</h4>
          <MessageStrip blocks={blocks} />
          <FrameBlocks blocks={blocks} current={current} onFrame={onFrame} />
        </li>
        <li>
          <h4>{compressed ? words.joinedCompressed : words.joined}</h4>
          {wirePayload === undefined ? (
            <p class="note">{words.notAtHand}</p>
          ) : (
            <JoinedBytes bytes={wirePayload} blocks={blocks} />
          )}
        </li>
        {compressed && (
          <>
            <li>
              <h4>{words.appended}</h4>
              <p>
                <code class="appended">00 00 ff ff</code> {words.whyAppended}{' '}
                <cite>RFC 7692 §7.2.1, §7.2.2</cite>
              </p>
            </li>
            <li>
              <h4>{words.window}</h4>
              <TakenOver window={message.window} />
            </li>
          </>
        )}
        <li>
          <h4>{compressed ? words.inflated : words.message}</h4>
          {data === undefined ? (
            <p class="note">{compressed && message.incomplete ? words.notInflated : words.notComplete}</p>
          ) : (
            <>
              {compressed && wirePayload !== undefined && (
                <p class="note">{words.ratio(wirePayload.length, data.length)}</p>
              )}
              <Said data={data} isText={message.opcodeName === 'text'} />
            </>
          )}
        </li>
      </ol>
    </section>
  )
}

/** The payloads one after the other; those of one fragment are kept together. */
function JoinedBytes({ bytes, blocks }: { readonly bytes: Uint8Array; readonly blocks: readonly Block[] }) {
  const { assembly: words } = useWords()
  const shown = useByteWindow(bytes.length, SHOWN_BYTES, 0)
  if (bytes.length === 0) return <p class="note">{words.nothing}</p>
  return (
    <>
      <p class="note">{words.joinedLength(bytes.length)}</p>
      <p class="joined-bytes">
        {stretchesOf(blocks, shown.start, shown.end).map(({ frame, index, start, end }) => (
          <span key={start} class={`stretch ${index % 2 === 0 ? 'even' : 'odd'}`}>
            <small>{words.fromFrame(frame)}</small> <code>{toHex(bytes, ' ', start, end)}</code>
          </span>
        ))}
      </p>
      <WindowControls shown={shown} label={words.joined} />
    </>
  )
}

function TakenOver({ window }: { readonly window: Uint8Array | undefined }) {
  const { assembly: words } = useWords()
  if (window === undefined || window.length === 0) return <p class="note">{words.noWindow}</p>
  const from = characterStart(window, Math.max(0, window.length - SHOWN_WINDOW))
  return (
    <>
      <p>
        {words.windowIs(window.length)} <cite>RFC 7692 §7.2.3.2</cite>
      </p>
      <p>
        {from > 0 && <span aria-hidden="true">… </span>}
        <q class="captured">{shownUtf8(window.subarray(from), 'lines')}</q>
      </p>
    </>
  )
}

function Said({ data, isText }: { readonly data: Uint8Array; readonly isText: boolean }) {
  const { assembly: words } = useWords()
  const shown = useByteWindow(data.length, isText ? SHOWN_TEXT : SHOWN_BYTES, 0)
  if (data.length === 0) return <p class="note">{words.nothing}</p>
  return (
    <>
      <p class="said captured">
        {isText ? (
          shownUtf8(
            data.subarray(characterStart(data, shown.start), characterStart(data, shown.end)),
            'lines',
          )
        ) : (
          <code>{toHex(data, ' ', shown.start, shown.end)}</code>
        )}
      </p>
      <WindowControls shown={shown} label={words.message} />
    </>
  )
}

/** The start of the character that byte `at` is in: a character that is cut there is shown after the cut. */
function characterStart(data: Uint8Array, at: number): number {
  let start = at
  while (start < data.length && start > at - 3 && start > 0 && (data[start]! & 0xc0) === 0x80) start -= 1
  return start
}

function reasonOf(words: ReturnType<typeof useWords>['assembly'], part: Missing): string {
  switch (part.what) {
    case 'frames':
      return words.missing.frames(part.count)
    case 'payload':
      return words.missing.payload(part.frame)
    case 'bytes':
      return words.missing.bytes(part.frame, part.count)
    default:
      return words.missing[part.what]
  }
}
