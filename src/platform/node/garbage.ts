// Memory that was used for one thing and is free for the next.
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Below this, memory that is not given back does no harm, and a collection would take time for nothing. */
const MUCH = 48 * 2 ** 20

let collect: (() => void) | undefined

/**
 * Frees what is not used any more. To be called between two large pieces of work: V8 lets its memory grow by half before it looks for what
 * the first one left.
 */
export function freeMemory(): void {
  if (getHeapStatistics().used_heap_size < MUCH) return
  if (collect === undefined) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}
