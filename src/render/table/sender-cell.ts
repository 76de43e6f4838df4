// Who sent it, as a cell. The arrow points to the other side: the client is on the left.
import type { Side } from '../../base/stream.ts'
import { Cell } from '../text/row.ts'

/** Columns of the cells. */
export const SENDER_WIDTH = 8

export const SENDERS: Readonly<Record<Side, Cell>> = {
  client: new Cell('client →', 'cyan'),
  server: new Cell('← server', 'green'),
}
