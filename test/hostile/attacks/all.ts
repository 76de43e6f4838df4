// All attacks: every hostile capture meets every command that reads captures, and each further theme brings its own commands.
import type { Attack } from '../attack.ts'
import type { HostileCapture } from '../captures.ts'
import { meeting, READERS } from '../readers.ts'
import { BLOCK_CAPTURES } from './blocks.ts'
import { FILES_ATTACKS } from './files.ts'
import { FRAME_CAPTURES } from './frames.ts'
import { GOLDEN_ATTACKS } from './goldens.ts'
import { HANDSHAKE_CAPTURES } from './handshakes.ts'
import { HEADERS_ATTACKS } from './headers.ts'
import { MIDSTREAM_CAPTURES } from './midstream.ts'
import { PACKET_CAPTURES } from './packets.ts'
import { REPORT_ATTACKS } from './report.ts'
import { SCRIPT_ATTACKS } from './scripts.ts'
import { SEGMENT_CAPTURES } from './segments.ts'
import { SLOW_ATTACKS } from './slow.ts'

/** All hostile captures. */
export const CAPTURES: readonly HostileCapture[] = [
  ...SEGMENT_CAPTURES,
  ...PACKET_CAPTURES,
  ...BLOCK_CAPTURES,
  ...HANDSHAKE_CAPTURES,
  ...FRAME_CAPTURES,
  ...MIDSTREAM_CAPTURES,
]

/** Attacks with commands of their own, one line a theme. */
const THEMES: readonly Attack[] = [
  ...SCRIPT_ATTACKS,
  ...REPORT_ATTACKS,
  ...HEADERS_ATTACKS,
  ...GOLDEN_ATTACKS,
  ...FILES_ATTACKS,
  ...SLOW_ATTACKS,
]

/** Captures that every command meets in the tests: of TCP, and of frames. */
const FEW: readonly string[] = [
  'a hole behind every segment',
  'idle WebSocket connections',
  'frames with everything wrong',
]

/** What `npm run hostile` measures. */
export const ATTACKS: readonly Attack[] = [
  ...CAPTURES.flatMap((capture) => READERS.map((reader) => meeting(capture, reader))),
  ...THEMES,
]

/** What `npm test` runs beside CAPTURES as a table and as NDJSON: a few of them with every other command, and all other attacks. */
export const TESTED_ATTACKS: readonly Attack[] = [
  ...CAPTURES.filter(({ kind }) => FEW.includes(kind)).flatMap((capture) =>
    READERS.filter(({ isPiped }) => !isPiped).map((reader) => meeting(capture, reader)),
  ),
  ...THEMES,
]
