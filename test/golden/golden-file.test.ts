// The golden file: what stands in it, that it comes back as it was, and what is said of one that makes no sense.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Golden, GoldenMessage } from '../../src/golden/golden.ts'
import { readGolden } from '../../src/golden/read.ts'
import { recordGolden } from '../../src/golden/record.ts'
import { writeGolden } from '../../src/golden/write.ts'
import { readCapture } from '../../src/index.ts'
import { connectionOf, goldenOf, goldenWith } from '../support/builders/goldens.ts'
import { fixtureNames, fixturePath } from '../support/drivers/fixtures.ts'

/** Without what a file does not hold. */
function asInFile(golden: Golden): unknown {
  return JSON.parse(
    JSON.stringify(golden, (name, value) =>
      ['place', 'message', 'number'].includes(name) && typeof value !== 'boolean' ? undefined : value,
    ),
  )
}

const messagesLines = (messages: readonly string[]): string[] => {
  const text = writeGolden(goldenOf(messages))
  return text
    .slice(text.indexOf('"messages": [') + 13, text.indexOf('"findings"'))
    .split('\n')
    .map((line) => line.slice(8))
    .slice(1, -2)
}

describe('a golden file', () => {
  it('the golden file of the article reads as the article does', async () => {
    expect(writeGolden(recordGolden(await readCapture(fixturePath('article'))))).toBe(`{
  "schema": 1,
  "level": "messages",
  "rules": { "ignore": [], "replace": [], "unordered": false, "headers": [] },
  "connections": [
    {
      "handshake": {
        "target": "/",
        "offered": { "extensions": "permessage-deflate; client_max_window_bits" },
        "extensions": ["permessage-deflate; server_max_window_bits=12; client_max_window_bits=12"]
      },
      "messages": [
        { "from": "client", "text": "111" },
        { "from": "server", "text": "服务器回应: 111" }
      ],
      "findings": [],
      "closed": { "how": "clean", "code": 1000, "reason": "", "by": "client" }
    }
  ],
  "findings": []
}
`)
  })

  it('a golden file shows JSON by its value, with a word for its spelling', () => {
    expect(
      messagesLines([
        'client {"a":1}',
        'server {"a": 1, "b": [1, 2]}',
        'server {"\\u5e26": 1}',
        'server {"a":1.0}',
        'server one\ntwo',
      ]),
    ).toEqual([
      '{ "from": "client", "json": { "a": 1 } },',
      '{ "from": "server", "json": { "a": 1, "b": [1, 2] }, "spelling": "spaced" },',
      '{ "from": "server", "json": { "带": 1 }, "spelling": "spaced ascii" },',
      '{ "from": "server", "json": { "a": 1 }, "text": "{\\"a\\":1.0}" },',
      '{ "from": "server", "text": ["one\\n", "two"] }',
    ])
  })

  it('a golden file holds no port, address, time, packet, key, or header of chance', async () => {
    const capture = await readCapture(fixturePath('subprotocol'))
    const text = writeGolden(recordGolden(capture, 'frames'))
    const { client, handshake, frames } = capture.connections[0]!
    const header = (name: string): string => handshake.request!.headers.find(([other]) => other === name)![1]
    for (const chance of [
      client.address,
      `${client.port}`,
      header('Sec-WebSocket-Key'),
      frames[0]!.maskingKey!,
      '2026',
    ])
      expect(text).not.toContain(chance)
    expect(text).toContain('"subprotocol": "wamp.2.json"')
  })

  it.each(fixtureNames)('the golden file of %s comes back as it was', async (name) => {
    const capture = await readCapture(fixturePath(name))
    for (const level of ['messages', 'frames'] as const) {
      const golden = recordGolden(capture, level)
      const text = writeGolden(golden)
      const read = readGolden(text, name)
      expect(asInFile(read)).toEqual(asInFile(golden))
      expect(writeGolden(read)).toBe(text)
    }
  })

  it('a golden file with any text or bytes comes back as it was', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((json) => JSON.stringify(JSON.parse(json), null, 2)),
    )
    const message = fc.oneof(
      text.map((value): Partial<GoldenMessage> => ({ text: value })),
      fc.uint8Array({ maxLength: 100 }).map(
        (bytes): Partial<GoldenMessage> => ({
          bytes: { length: bytes.length, hex: Buffer.from(bytes).toString('hex'), sha256: undefined },
        }),
      ),
      fc.constant({}),
    )
    const flags = fc.record({
      from: fc.constantFrom('client' as const, 'server' as const),
      incomplete: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(message, flags)), (made) => {
        const messages = made.map(
          ([content, rest]): GoldenMessage => ({
            text: undefined,
            bytes: undefined,
            invalidText: false,
            place: undefined,
            ...content,
            ...rest,
          }),
        )
        const golden = goldenWith([{ ...connectionOf([]), messages }])
        expect(readGolden(writeGolden(golden), 'x')).toEqual(golden)
      }),
    )
  })

  it('a golden file spells out what a reviewer would not see, joiners of emoji too', () => {
    const text = writeGolden(goldenOf(['client \ufeff \u200b \u00ad 👩\u200d🚀 ❤\ufe0f']))
    expect(text).toContain('"\\ufeff \\u200b \\u00ad 👩\\u200d🚀 ❤\ufe0f"')
  })

  it('a golden file shows no control, no bidirectional override and no line separator raw', () => {
    const text = writeGolden(goldenOf(['client \x1b[31m \u202e \u2028 \x9b']))
    expect(text).toMatch(/\\u001b\[31m \\u202e \\u2028 \\u009b/)
  })
})

describe('a golden file that cannot be read', () => {
  const good = JSON.parse(writeGolden(goldenOf(['client a', 'server {"b":1}'])))
  const changed = (change: (golden: typeof good) => void): string => {
    const copy = structuredClone(good)
    change(copy)
    return JSON.stringify(copy, undefined, 2)
  }
  const cases: ReadonlyArray<[what: string, text: string, says: string]> = [
    [
      'of a later schema',
      changed((g) => {
        g.schema = 2
        g.whatever = 1
      }),
      'chat.golden.json: schema: is 2, written by a later framewalk',
    ],
    ['of no schema', '{}', 'chat.golden.json: schema: is missing; add it'],
    [
      'broken',
      '{\n  "schema": 1,\n  "level": }',
      'chat.golden.json:3:12: not JSON: value expected; mend it there',
    ],
    ['cut off', '{ "schema": 1,', 'chat.golden.json:1:15: not JSON'],
    ['empty', '', 'chat.golden.json:1:1: not JSON'],
    ['with a comma too many', '{ "schema": 1, }', 'chat.golden.json:1:16: not JSON'],
    [
      'of brackets only',
      '['.repeat(100_000),
      'chat.golden.json:1:251: not JSON: nests deeper than 250 levels',
    ],
    ['that is a list', '[]', 'chat.golden.json: expected an object { }, got []'],
    [
      'with a rule of an unknown name',
      changed((g) => {
        g.rules.ignores = []
      }),
      'rules.ignores: is unknown; there are ignore, replace',
    ],
    [
      'with a path that is none',
      changed((g) => {
        g.rules.ignore = ['$.a', '$.[']
      }),
      'rules.ignore[1]: "$.[" is not a JSONPath',
    ],
    [
      'with a path without a root',
      changed((g) => {
        g.rules.ignore = ['timestamp']
      }),
      'write one as in $.timestamp',
    ],
    [
      'with a path that calls a function',
      changed((g) => {
        g.rules.ignore = ['$[?match(@, "a")]']
      }),
      "no such function 'match'",
    ],
    [
      'with a path that is too long',
      changed((g) => {
        g.rules.ignore = ['$.a', `$${'.a'.repeat(500)}`]
      }),
      'rules.ignore[1]: the path is longer than 1000 characters',
    ],
    [
      'with too many paths',
      changed((g) => {
        g.rules.ignore = Array.from({ length: 101 }, (_, i) => `$.a${i}`)
      }),
      'rules.ignore: has 101 rules, and 100 are enough',
    ],
    [
      'with a pattern that repeats too much',
      changed((g) => {
        g.rules.replace = [{ pattern: '((a?){100}){10}', with: 'x' }]
      }),
      'rules.replace[0]: the pattern is too large, because each repetition of {n} counts n times',
    ],
    [
      'with a pattern of repetitions of repetitions',
      changed((g) => {
        g.rules.replace = [{ pattern: `${'('.repeat(10)}a${'){9}'.repeat(10)}`, with: 'x' }]
      }),
      'rules.replace[0]: ',
    ],
    [
      'with brackets without end in a path',
      changed((g) => {
        g.rules.ignore = [`$[?${'('.repeat(990)}`]
      }),
      'is not a JSONPath',
    ],
    [
      'with a stand-in that is too long',
      changed((g) => {
        g.rules.replace = [{ pattern: 'a', with: 'b'.repeat(1001) }]
      }),
      'rules.replace[0]: the stand-in is longer than 1000 characters',
    ],
    [
      'with a pattern that is none',
      changed((g) => {
        g.rules.replace = [{ pattern: '(', with: '' }]
      }),
      'rules.replace[0]: "(" is not a regular expression',
    ],
    [
      'with a pattern that looks ahead',
      changed((g) => {
        g.rules.replace = [{ pattern: 'a(?=b)', with: '' }]
      }),
      'is not a regular expression in the syntax of RE2',
    ],
    [
      'with a stand-in that grows',
      changed((g) => {
        g.rules.replace = [{ pattern: 'a', with: 'aa' }]
      }),
      'rules.replace[0]: the pattern matches its own stand-in "aa"',
    ],
    [
      'with a sender who is none',
      changed((g) => {
        g.connections[0].messages[1].from = 'peer'
      }),
      'connections[0].messages[1].from: expected one of client, server, got "peer"',
    ],
    [
      'with JSON and text that disagree',
      changed((g) => {
        g.connections[0].messages[1].text = '{"b":2}'
      }),
      'connections[0].messages[1]: "json" and "text" disagree',
    ],
    [
      'with a spelling that is none',
      changed((g) => {
        g.connections[0].messages[1].spelling = 'wild'
      }),
      'messages[1].spelling: expected one of compact, spaced',
    ],
    [
      'with half a byte',
      changed((g) => {
        g.connections[0].messages[0] = { from: 'client', binary: '0' }
      }),
      'messages[0].binary: expected bytes as hex digits',
    ],
    [
      'with a checksum that is none',
      changed((g) => {
        g.connections[0].messages[0] = {
          from: 'client',
          binary: { length: 600, start: '00', sha256: 'zz' },
        }
      }),
      'messages[0].binary.sha256: expected a SHA-256, 64 hex digits',
    ],
    [
      'with a length that is none',
      changed((g) => {
        g.connections[0].messages[0] = {
          from: 'client',
          binary: { length: -1, start: '00', sha256: '0'.repeat(64) },
        }
      }),
      'messages[0].binary.length: expected a whole number, got -1',
    ],
    [
      'with a header that is none',
      changed((g) => {
        g.rules.headers = ['Origin', 'two words']
      }),
      'rules.headers[1]: "two words" is not the name of a header',
    ],
    [
      'with a code that is none',
      changed((g) => {
        g.findings = [{ code: 'x', severity: 'warning' }]
      }),
      'findings[0].code: expected one of',
    ],
    [
      'without messages',
      changed((g) => {
        delete g.connections[0].messages
      }),
      'connections[0].messages: is missing',
    ],
  ]
  it.each(cases)('a golden file is refused in one line with name, place and cure: %s', (_, text, says) => {
    expect(() => readGolden(text, 'chat.golden.json')).toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringContaining(says) }),
    )
    try {
      readGolden(text, 'chat.golden.json')
    } catch (error) {
      expect((error as Error).message).toMatch(/^chat\.golden\.json(:\d+:\d+)?: [^\n]+$/)
    }
  })
})
