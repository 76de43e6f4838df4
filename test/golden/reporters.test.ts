// The reports: what a person reads, and what CI systems read. Captured text reaches none of them raw.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CheckResult, isPassed, unreadable } from '../../src/golden/check-result.ts'
import { compareGoldens } from '../../src/golden/compare.ts'
import { violationsOf } from '../../src/golden/conformance.ts'
import { differencesText } from '../../src/golden/difference-text.ts'
import { makeReporter, type ReporterName } from '../../src/golden/reporters/reporter.ts'
import { readCapture } from '../../src/index.ts'
import { findingsOf } from '../../src/matchers/subject.ts'
import { connectionOf, goldenOf, goldenWith } from '../support/builders/goldens.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { skipWithout } from '../support/drivers/requirements.ts'

const PLAIN = { width: 80, color: false }

const HOSTILE = `\x1b[2J\x07\x00\r\n::error ::]]>"<a b='&'> %0A ,:\u202e\u2028\x9b\ufffe \ud83d\ude00`

const textOf = (before: readonly string[], after: readonly string[], look = PLAIN): string =>
  differencesText(compareGoldens(goldenOf(before), goldenOf(after)), look)

const result = (fields: Partial<CheckResult> = {}): CheckResult => ({
  capture: 'captures/chat.pcapng',
  golden: 'captures/chat.golden.json',
  status: 'equal',
  differences: [],
  violations: [],
  error: undefined,
  connections: 1,
  messages: 2,
  ...fields,
})

const different = (before: string, after: string, fields: Partial<CheckResult> = {}): CheckResult =>
  result({
    status: 'different',
    differences: compareGoldens(goldenOf([before]), goldenOf([after])),
    ...fields,
  })

const report = (name: ReporterName, results: readonly CheckResult[], look = PLAIN): string => {
  const reporter = makeReporter(name, look)
  return [...results.flatMap((one) => [...reporter.result(one)]), ...reporter.end()].join('')
}

describe('differences as text', () => {
  it('a difference says where it is, what was expected and what is there', () => {
    const before = ['client one', 'server {"price":1.5,"of":"a"}', 'client gone']
    const after = ['client one', 'server {"price":1.6,"of":"a"}', 'server new']
    expect(textOf(before, after)).toBe(
      `  connection 1
    message 2 from server changed (frame 2, packet 11)
      $.price
      - 1.5
      + 1.6
    message 3 from client is missing (frame 3, packet 12)
      - {"from":"client","text":"gone"}
    message 3 from server was added (frame 3, packet 12)
      + {"from":"server","text":"new"}
`,
    )
  })

  it('a difference cuts long texts to where they differ', () => {
    const long = 'x'.repeat(500)
    const text = textOf([`client ${long}A${long}`], [`client ${long}B${long}`])
    expect(text).toContain(`- …${'x'.repeat(24)}A`)
    expect(text).toContain(`+ …${'x'.repeat(24)}B`)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(PLAIN.width)
  })

  it('a difference shows where wide characters differ, which take two columns each', () => {
    const long = '差异'.repeat(40)
    const text = textOf([`client ${long}甲`], [`client ${long}乙`])
    expect(text).toContain(`- …${'差异'.repeat(6)}甲"`)
    expect(text).toContain(`+ …${'差异'.repeat(6)}乙"`)
    const emoji = textOf([`client ${'😀'.repeat(200)}a`], [`client ${'😀'.repeat(200)}b`])
    expect(emoji).toContain(`- …${'😀'.repeat(12)}a"`)
  })

  it.each([
    ['a no-break space', 'a b', 'a\u00a0b', '"a b"', '"a\\u00a0b"'],
    ['an accent of its own', 'caf\u00e9', 'cafe\u0301', '"caf\\u00e9"', '"cafe\\u0301"'],
    ['a full-width letter', '你A', '你\uff21', '"\\u4f60A"', '"\\u4f60\\uff21"'],
    ['one in a line of many', 'x\na b', 'x\na\u00a0b', '"a b"', '"a\\u00a0b"'],
  ])('a difference tells apart what looks the same: %s', (_, before, after, expected, actual) => {
    const text = textOf([`client ${before}`], [`client ${after}`])
    expect(text).toContain(`      - ${expected}\n      + ${actual}\n`)
  })

  it('a difference of texts with several lines shows the lines that differ', () => {
    const text = textOf(['client one\ntwo\nthree\nfour'], ['client one\nTWO\nthree\nfour\nfive'])
    expect(text.split('\n').slice(2)).toEqual([
      '      text',
      '      line 2',
      '      - "two\\n"',
      '      + "TWO\\n"',
      '      line 4',
      '      - "four"',
      '      + "four\\n"',
      '      + "five"',
      '',
    ])
  })

  it('a difference names the connection on both sides if its numbers differ', () => {
    const expected = goldenWith([connectionOf(['client a'], { target: '/a', number: 1 })])
    const actual = goldenWith([
      connectionOf(['client b'], { target: '/a', number: 5 }),
      connectionOf([], { target: '/new', number: 6 }),
    ])
    expect(differencesText(compareGoldens(expected, actual), PLAIN)).toMatch(
      /connection 5 \(1 in what was expected\)\n.*message 1(.*\n)*.*connection 6 was added\n.*\/new/,
    )
  })

  it('differences are coloured if there are colours, and the text itself stays the same', () => {
    const colored = textOf(['client a'], ['client b'], { ...PLAIN, color: true })
    expect(colored).toContain('\x1b[31m- "a"\x1b[39m')
    expect(colored).toContain('\x1b[32m+ "b"\x1b[39m')
    expect(colored.replaceAll(/\x1b\[\d+m/g, '')).toBe(textOf(['client a'], ['client b']))
  })

  it('a hundred differences are shown, and the rest are counted', () => {
    const before = Array.from({ length: 250 }, (_, i) => `client ${i}`)
    const text = textOf(
      before,
      before.map((words) => `${words}!`),
    )
    expect(text.match(/^ {4}message/gm)).toHaveLength(100)
    expect(text).toMatch(/and 150 more differences\n$/)
  })

  it('a difference holds nothing of a capture raw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const text = textOf([`client ${a}${HOSTILE}`], [`client ${HOSTILE}${b}`])
        expect(text).toMatch(/^[^\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]*$/u)
      }),
    )
  })
})

describe('the text report', () => {
  it('the text report has a line for each capture, and at the end what to do', async () => {
    const violations = violationsOf(findingsOf(await readCapture(fixturePath('violations')), 'x')).slice(0, 1)
    const results = [
      result(),
      different('client a', 'client b'),
      result({ status: 'missing', capture: 'new.pcap', golden: 'new.golden.json' }),
      result({ violations }),
      unreadable('bad.pcap', 'bad.golden.json', 'bad.pcap: no such file; check the path'),
    ]
    expect(report('text', results)).toBe(`equal      captures/chat.pcapng: equal to chat.golden.json
DIFFERENT  captures/chat.pcapng: 1 difference from chat.golden.json
  connection 1
    message 1 from client changed (frame 1, packet 10)
      text
      - "a"
      + "b"
MISSING    new.pcap: no golden file new.golden.json
VIOLATIONS captures/chat.pcapng: equal to chat.golden.json; 1 violation of the RFCs
    connection 1, frame 1, packet 8: reserved-opcode: Opcode 3 is reserved for
      further data frames. (RFC 6455 §5.2)
UNREADABLE bad.pcap
5 captures: 4 failed
To accept what changed: framewalk check --update
To make a golden file: framewalk check --update
`)
    expect(results.map(isPassed)).toEqual([true, false, false, false, false])
  })
})

describe('the GitHub report', () => {
  it('the GitHub report is an annotation on the golden file for each difference, and nothing for what passed', () => {
    expect(report('github', [result(), different('client a', 'client b')])).toBe(
      '::error file=captures/chat.golden.json,title=captures/chat.pcapng%3A message 1 from client changed (frame 1%2C packet 10)::' +
        '  connection 1%0A    message 1 from client changed (frame 1, packet 10)%0A      text%0A      - "a"%0A      + "b"\n',
    )
  })

  it('each GitHub annotation is one line, whatever the peers said, and there are ten at most', () => {
    const hostile = different(`client ${HOSTILE}`, 'client x', { capture: `${HOSTILE}.pcap` })
    expect(report('github', [hostile])).toMatch(/^::error file=[^\n\r,:]*,title=[^\n\r,:]*::[^\n\r]*\n$/)
    const many = Array.from({ length: 30 }, (_, i) => `client ${i}`)
    const differences = compareGoldens(goldenOf(many), goldenOf(many.map((words) => `${words}!`)))
    const lines = report('github', [result({ status: 'different', differences })])
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(10)
    expect(lines.at(-1)).toContain('21 more')
  })
})

describe('the JSON report', () => {
  it('the JSON report spells out everything that a terminal would obey', () => {
    const text = report('json', [different('client a', 'client \x9b \u202e \u2028 \x9b')])
    expect(text).not.toMatch(/[\x7f-\x9f\u2028\u202e]/)
    expect(text).toContain('\\u009b \\u202e \\u2028 \\u009b')
  })

  it('the JSON report holds every result with its differences', () => {
    const parsed = JSON.parse(report('json', [result(), different('client {"a":1}', 'client {"a":2}')]))
    expect(parsed).toMatchObject({
      schema: 1,
      passed: false,
      results: [
        { passed: true, status: 'equal' },
        {
          passed: false,
          status: 'different',
          differences: [
            {
              kind: 'changed',
              subject: 'message',
              number: { expected: 1, actual: 1 },
              place: { actual: { frames: [1], firstPacket: 10, lastPacket: 10 } },
              changes: [{ path: '$.a', expected: 1, actual: 2 }],
            },
          ],
        },
      ],
    })
  })
})

describe.skipIf(skipWithout('xmllint'))('the JUnit report', () => {
  const schema = fileURLToPath(new URL('../support/oracles/junit.xsd', import.meta.url))
  const validity = (document: string): string => {
    const { stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, '-'], {
      input: document,
      encoding: 'utf8',
    })
    return stderr.trim()
  }
  const valueAt = (document: string, path: string): string =>
    spawnSync('xmllint', ['--xpath', `string(${path})`, '-'], {
      input: document,
      encoding: 'utf8',
    }).stdout.trim()

  it('the JUnit report is valid, and counts what failed', async () => {
    const violations = violationsOf(findingsOf(await readCapture(fixturePath('violations')), 'x'))
    const document = report('junit', [
      result(),
      different('client a', 'client b'),
      result({ violations }),
      result({ status: 'missing' }),
      result({ status: 'ungolden' }),
      result({ status: 'created' }),
      result({ status: 'updated' }),
      result({ status: 'unchanged' }),
      unreadable('bad.pcap', 'bad.golden.json', 'bad.pcap: no such file; check the path'),
    ])
    expect(validity(document)).toBe('- validates')
    expect(valueAt(document, '//testsuite/@tests')).toBe('9')
    expect(valueAt(document, '//testsuite/@failures')).toBe('3')
    expect(valueAt(document, '//testsuite/@errors')).toBe('1')
    expect(valueAt(document, '//testsuite/@skipped')).toBe('1')
    expect(valueAt(document, 'count(//failure)')).toBe('3')
    expect(valueAt(document, '//testcase[2]/@classname')).toBe('captures')
    expect(valueAt(document, '//testcase[2]/failure')).toContain('- "a"\n      + "b"')
  })

  it('the JUnit report is valid whatever the peers said and the files are called', () => {
    const hostile = different(`client ${HOSTILE}`, `client ${HOSTILE}x`, {
      capture: `${HOSTILE}/${HOSTILE}.pcap`,
    })
    const document = report('junit', [hostile, unreadable(HOSTILE, HOSTILE, HOSTILE)])
    expect(validity(document)).toBe('- validates')
  })

  it('an invalid JUnit report would be found', () => {
    expect(validity(report('junit', [result()]).replace('classname=', 'class='))).toMatch(/fails to validate/)
  })
})
