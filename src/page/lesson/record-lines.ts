// Events as records of schema 1, one JSON object a line, as `framewalk walk --format ndjson` prints them: frames, findings about them,
// messages. It stands alone because a browser has no NdjsonRenderer, which writes Node's buffers.
import type { AnalysisEvent } from '../../base/events.ts'
import { toRecord } from '../../records/to-record.ts'

/** Characters that are made, so that a large payload does not freeze the page. */
const LONGEST = 200_000

/** The lines. If they are too long, they end with a line that is `…`. */
export function recordLines(events: readonly AnalysisEvent[]): string {
  const lines: string[] = []
  let length = 0
  for (const event of events) {
    if (event.type !== 'frame' && event.type !== 'message' && event.type !== 'finding') continue
    const line = JSON.stringify(toRecord(event), (_, value) =>
      value instanceof Uint8Array ? base64(value) : value,
    )
    length += line.length
    if (length > LONGEST) return [...lines, '…'].join('\n')
    lines.push(line)
  }
  return lines.join('\n')
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return btoa(text)
}
