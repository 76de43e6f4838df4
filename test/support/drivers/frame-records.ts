// The frames of a capture as the command line's records.
import type { FrameRecord, JsonRecord } from '../../../src/records/records.ts'
import { run } from './command.ts'

/** Runs `framewalk frames <words…> --format ndjson`. */
export async function parseFrames(words: readonly string[]): Promise<FrameRecord[]> {
  const { stdout } = await run(['frames', ...words, '--format', 'ndjson'])
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonRecord)
  return records.filter((record) => record.type === 'frame')
}
