// Which TCP segment carried which bytes: a frame is not a segment. It stands alone, as each view of a frame does.
import { useWords } from '../words.tsx'
import type { InspectedFrame } from './inspected-frame.ts'
import { standsFor, useSpotClass } from './spot.ts'

/** Segments that are listed. */
const LISTED = 24

/** The segments of a frame, as a list in the colours of the dump. */
export function TcpLens({ frame }: { readonly frame: InspectedFrame }) {
  const { inspector: words } = useWords()
  const spotClass = useSpotClass()
  const { segments } = frame
  return (
    <div class="tcp-lens">
      <p>{words.lensSays(segments.length)}</p>
      <ul>
        {segments.slice(0, LISTED).map(({ packet, start, end }, i) => {
          const spot = { start: start * 8, end: end * 8 }
          return (
            <li key={start} {...standsFor(spot)} class={spotClass(spot, `segment-${i % 4}`)}>
              {words.segment(packet, start, end - 1)}
            </li>
          )
        })}
      </ul>
      {segments.length > LISTED && <p class="note">{words.moreSegments(segments.length - LISTED)}</p>}
    </div>
  )
}
