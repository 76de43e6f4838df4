// A capture as framewalk sees it, ordered for a comparison: its records by kind, and by connection and side.
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Side } from '../../../src/base/stream.ts'
import { analyze, type CaptureInput, type WalkOptions } from '../../../src/index.ts'
import type {
  ClosedRecord,
  ConnectionRecord,
  FindingRecord,
  FrameRecord,
  MessageRecord,
  SummaryRecord,
  WalkRecord,
} from '../../../src/records/records.ts'
import type { FixtureSecrets } from './fixtures.ts'

/** The records of a capture. */
export class Captured {
  readonly connections: ConnectionRecord[] = []
  readonly frames: FrameRecord<Uint8Array>[] = []
  readonly messages: MessageRecord<Uint8Array>[] = []
  readonly findings: FindingRecord[] = []
  readonly closed: ClosedRecord[] = []
  readonly summary: SummaryRecord

  constructor(records: readonly WalkRecord<Uint8Array>[]) {
    let summary: SummaryRecord | undefined
    for (const record of records) {
      if (record.type === 'connection') this.connections.push(record)
      else if (record.type === 'frame') this.frames.push(record)
      else if (record.type === 'message') this.messages.push(record)
      else if (record.type === 'finding') this.findings.push(record)
      else if (record.type === 'closed') this.closed.push(record)
      else if (record.type === 'summary') summary = record
    }
    if (summary === undefined) throw new Error('the records end without a summary')
    this.summary = summary
  }

  framesOf(connection: number, from: Side): FrameRecord<Uint8Array>[] {
    return this.frames.filter((frame) => frame.connection === connection && frame.from === from)
  }

  messagesOf(connection: number, from: Side): MessageRecord<Uint8Array>[] {
    return this.messages.filter((message) => message.connection === connection && message.from === from)
  }

  findingsOf(connection: number): FindingRecord[] {
    return this.findings.filter((finding) => finding.connection === connection)
  }
}

/** Reads a capture to its end. */
export async function readCaptured(path: string, { keyLog, rsaKey }: FixtureSecrets = {}): Promise<Captured> {
  return readAll(path, {
    keyLog: keyLog === undefined ? undefined : readFileSync(keyLog),
    rsaKeys: rsaKey === undefined ? [] : [createPrivateKey(readFileSync(rsaKey))],
  })
}

/** Reads a capture, a file or bytes, to its end. */
export async function readAll(capture: CaptureInput, options: WalkOptions = {}): Promise<Captured> {
  const records: WalkRecord<Uint8Array>[] = []
  for await (const record of analyze(capture, options)) records.push(record)
  return new Captured(records)
}

/** A message's bytes, text or not; undefined if none are sure. */
export function bytesOf(message: MessageRecord<Uint8Array>): Uint8Array | undefined {
  return message.text === undefined ? message.data : new TextEncoder().encode(message.text)
}
