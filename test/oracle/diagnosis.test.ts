// Captures of troubles that people reported: the right answer is in the first screen of a terminal, in the records and in the report.
import { describe, expect, it } from 'vitest'
import type { FindingRecord, FrameRecord } from '../../src/records/records.ts'
import { run } from '../support/drivers/command.ts'
import { caseOf, casesOf } from '../support/drivers/published-captures.ts'

interface Answer {
  /** What the first screen says, whatever its line breaks. */
  readonly says: readonly (string | RegExp)[]
  /** The first finding. */
  readonly finding?: { readonly code: string; readonly values?: object }
}

/** Lines and columns of a terminal that is not large. */
const SCREEN = 50
const COLUMNS = 100

const ANSWERS: Readonly<Record<string, Answer>> = {
  'c01-two-servers.pcap': {
    says: [
      'wrote an HTTP response where a frame should begin: “HTTP/1.1 400 Bad Request”',
      '6 more findings follow',
    ],
    finding: { code: 'http-in-stream', values: { what: 'response', from: 'server' } },
  },
  'c04b-chunked-body.pcap': {
    says: ['The server sends its frames in HTTP chunks'],
    finding: { code: 'http-in-stream', values: { what: 'chunk', size: 7 } },
  },
  'c06-drift.pcap': {
    says: [
      'it inflates if the payload of frame 2, which was sent uncompressed, is put into the window',
      '{"user":"alice","cursor":[0,0]',
    ],
    finding: {
      code: 'inflate-error',
      values: { cause: { what: 'uncompressed', frame: 2, last: 2, messages: 1 } },
    },
  },
  'c07b-window9-across.pcap': {
    says: ['refers 1424 bytes back; 512 were agreed', 'the-key-that-repeats-0123456789!'],
    finding: { code: 'window-exceeded', values: { distance: 1424, window: 512 } },
  },
  'c07c-window9-within.pcap': {
    says: ['refers 3031 bytes back; 512 were agreed', 'the-key-that-repeats-0123456789'],
    finding: { code: 'window-exceeded', values: { distance: 3031, window: 512 } },
  },
  'c16-partial-write.pcap': {
    says: [
      'announced a payload of 1986 bytes and sent 1392 of them: in packet 12 its next frame begins',
      '27 more findings follow',
    ],
    finding: { code: 'out-of-step', values: { what: 'cutWrite', announced: 1986, sent: 1392, packet: 12 } },
  },
  'c28-stripped.pcap': {
    says: ['it inflates to “{"hello":"hello hello hello"}”'],
    finding: {
      code: 'rsv-without-extension',
      values: { inflatesTo: { length: 29, text: '{"hello":"hello hello hello"}' } },
    },
  },
  'd08-mask-restart.pcap': {
    says: ['began its masking key anew'],
    finding: { code: 'out-of-step', values: { what: 'maskRestart' } },
  },
  'd09a-little-endian.pcap': {
    says: ['it reads 11265. Read as 16 bits with the lowest byte first it is 300'],
    finding: { code: 'out-of-step', values: { what: 'length', meant: 300, littleEndian: true } },
  },
}

const cases = casesOf('diagnosis').filter((name) => name in ANSWERS)
if (cases.length === 0) console.log('skipped: there are no captures of troubles beside the published ones')

describe.skipIf(cases.length === 0)('a capture of a trouble', () => {
  it.each(cases)(
    '%s is answered in the first screen, and in the first finding of the records',
    async (name) => {
      const { says, finding } = ANSWERS[name]!
      const table = await run([caseOf('diagnosis', name)], { columns: COLUMNS })
      const screen = table.stdout.split('\n').slice(0, SCREEN).join(' ').replaceAll(/\s+/g, ' ')
      for (const text of says)
        expect(screen).toEqual(
          text instanceof RegExp ? expect.stringMatching(text) : expect.stringContaining(text),
        )
      if (finding === undefined) return
      const ndjson = await run([caseOf('diagnosis', name), '--format', 'ndjson'])
      const records: (FindingRecord | FrameRecord)[] = ndjson.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(records.find(({ type }) => type === 'finding')).toMatchObject(finding)
    },
  )
})
