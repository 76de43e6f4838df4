// A message drawn to scale: each fragment as wide as its payload, the frames between as marks. It says nothing that the blocks do not
// say. Each component stands alone in a file.
import type { Block } from './blocks.ts'

/** More blocks would be too narrow to be told apart. */
const MOST_BLOCKS = 64

/** Nothing for a single frame, or for more than `MOST_BLOCKS`. */
export function MessageStrip({ blocks }: { readonly blocks: readonly Block[] }) {
  if (blocks.length < 2 || blocks.length > MOST_BLOCKS) return null
  let index = 0
  return (
    <div class="message-strip" aria-hidden="true">
      {blocks.map(({ frame, start }) =>
        start === undefined ? (
          <span key={frame.frame} class="strip-between" />
        ) : (
          <span
            key={frame.frame}
            class={`strip-fragment ${index++ % 2 === 0 ? 'even' : 'odd'}`}
            style={{ flexGrow: frame.payloadLength }}
          >
            {frame.frame}
          </span>
        ),
      )}
    </div>
  )
}
