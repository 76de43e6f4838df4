// Text that is made while it is printed.
import type { Output } from './output.ts'

/** Writes text piece by piece, as fast as the reader takes it. */
export async function writePieces(output: Output, pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    output.write(piece)
    await output.drained()
    if (output.closed) return
  }
}
