// A capture as check and diff read it: what a golden file keeps of it, message by message, in a bounded memory.
import { getHeapStatistics } from 'node:v8'
import { InputError } from '../base/input-error.ts'
import type { GoldenFrame, GoldenMessage, Level } from '../golden/golden.ts'
import { goldenKeeper } from '../golden/record.ts'
import { costOf } from '../golden/record-cost.ts'
import { collect, type KeptCapture } from '../records/model.ts'
import { eventsOf, openCaptures, type ReadingOptions } from './reading.ts'

/**
 * How much of Node's memory for objects a capture may take. Its golden file, or the other capture, takes as much again, and the
 * comparison needs some too.
 */
const PART = 0.25

/**
 * Reads a capture. `-` is standard input. Throws InputError if it cannot be read, is not a capture, or holds more than can be
 * compared. Throws RangeError for a limit that makes no sense.
 */
export async function readCompared(
  name: string,
  level: Level,
  options: ReadingOptions,
): Promise<KeptCapture<GoldenMessage, GoldenFrame>> {
  const most = getHeapStatistics().heap_size_limit * PART
  let held = 0
  return collect(eventsOf(await openCaptures([name]), options), {
    ...goldenKeeper(level),
    meet(record) {
      held += costOf(record, level)
      if (held <= most) return
      const mebibytes = Math.round(most / 2 ** 20)
      throw new InputError(
        `${name}: holds more than ${mebibytes} MiB to be compared; compare a part of it (editcap -r), or give Node more memory (NODE_OPTIONS=--max-old-space-size=…)`,
      )
    },
  })
}
