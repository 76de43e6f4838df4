// Rules: values that change are left out, on both sides, and everything beside them still counts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareGoldens } from '../../src/golden/compare.ts'
import { NO_RULES, type Rules } from '../../src/golden/golden.ts'
import { mapScalars, parseJson, replaceValues, Selection } from '../../src/golden/json-text.ts'
import { readGolden } from '../../src/golden/read.ts'
import { recordGolden } from '../../src/golden/record.ts'
import { compileRules } from '../../src/golden/rules.ts'
import { writeGolden } from '../../src/golden/write.ts'
import { readCapture } from '../../src/index.ts'
import { goldenOf, inWords } from '../support/builders/goldens.ts'
import { recordExchange, SOME_CHANCE } from '../support/builders/recorded-exchange.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'

const differences = (before: string, after: string, rules: Partial<Rules>): string[] =>
  inWords(compareGoldens(goldenOf([before], rules), goldenOf([after])))

const applied = (words: string, rules: Partial<Rules>): string | undefined =>
  compileRules({ ...NO_RULES, ...rules })
    .apply(goldenOf([words]))
    .connections.at(0)!
    .messages.at(0)!.text

describe('ignore', () => {
  const rules = { ignore: ['$.timestamp', '$..id', '$.list[*].at'] }

  it('ignore leaves out the values at its paths, at any depth', () => {
    const before = 'server {"timestamp":1,"a":{"id":"x","b":2},"list":[{"at":1},{"at":2}]}'
    const after = 'server {"timestamp":{"now":9},"a":{"id":7,"b":2},"list":[{"at":5},{"at":"six"}]}'
    expect(differences(before, after, rules)).toEqual([])
    expect(differences(before, after.replace('"b":2', '"b":3'), rules)).toEqual(['message changed 1 $.a.b'])
  })

  it('ignore still asks that the value is there', () => {
    expect(differences('server {"timestamp":1,"a":1}', 'server {"a":1}', rules)).toEqual([
      'message changed 1 $.timestamp',
    ])
  })

  it('ignore leaves the spelling of the rest as it was, to the last digit', () => {
    expect(applied('server { "timestamp" : 1.50 , "big": 12345678901234567890 }', rules)).toBe(
      '{ "timestamp" : "<ignored>" , "big": 12345678901234567890 }',
    )
    const [before, after] = [
      'server {"id":1,"big":12345678901234567890}',
      'server {"id":2,"big":12345678901234567891}',
    ]
    expect(differences(before, after, rules)).toEqual(['message changed 1 text'])
  })

  it('ignore says nothing of text that is not JSON, and survives what a peer may send as JSON', () => {
    expect(applied('server timestamp', rules)).toBe('timestamp')
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    expect(applied(`server ${deep}`, rules)).toBe(deep)
    expect(applied('server {"__proto__":{"id":1},"timestamp":2}', rules)).toBe(
      '{"__proto__":{"id":"<ignored>"},"timestamp":"<ignored>"}',
    )
  })
})

describe('replace', () => {
  const rules = {
    replace: [
      { pattern: '[0-9a-f]{8}-[0-9a-f]{4}', with: '<id>' },
      { pattern: '\\d{10,}', with: '0' },
    ],
  }

  it('replace puts its stand-in into texts, and into the names, strings and numbers of JSON', () => {
    expect(applied('server id 0123abcd-ef01!', rules)).toBe('id <id>!')
    expect(applied('server {"0123abcd-ef01": ["at 0123abcd-ef01", 1700000000000, 12]}', rules)).toBe(
      '{"<id>": ["at <id>", 0, 12]}',
    )
  })

  it('replace makes a string of a number whose stand-in is not a number', () => {
    expect(applied('server {"n":1700000000000}', { replace: [{ pattern: '\\d+', with: '<n>' }] })).toBe(
      '{"n":"<n>"}',
    )
  })

  it('replace takes its stand-in as it is', () => {
    expect(applied('server a', { replace: [{ pattern: 'a', with: '$0 \\1 $&' }] })).toBe('$0 \\1 $&')
  })

  it('replace reaches the target and the close reason', async () => {
    const golden = async (id: string) =>
      recordGolden(
        await readCapture(
          recordExchange({
            target: `/t?id=${id}`,
            messages: [],
            close: { by: 'client', code: 1000, reason: `bye ${id}` },
          }),
        ),
      )
    const [a, b] = [await golden('0123abcd-ef01'), await golden('99999999-0000')]
    expect(compareGoldens(a, b)).not.toEqual([])
    expect(compareGoldens({ ...a, rules: { ...NO_RULES, ...rules } }, b)).toEqual([])
  })

  it('replace takes time that is linear in the text, whatever the pattern', async () => {
    const work = (length: number) =>
      applied(`server ${'a'.repeat(length)}b`, { replace: [{ pattern: '(a+)+$', with: 'x' }] })
    expect(await growthOf(work, 200_000)).toBeLessThan(IN_PROPORTION)
  })
})

describe('headers', () => {
  it('headers compares the named headers of both heads, and no other', async () => {
    const record = async (rules: Rules) =>
      recordGolden(
        await readCapture(
          recordExchange(
            { target: '/', messages: [], close: { by: 'client', code: 1000, reason: '' } },
            SOME_CHANCE,
          ),
        ),
        'messages',
        rules,
      )
    expect((await record(NO_RULES)).connections.at(0)!.handshake!.headers).toEqual([])
    expect(
      (await record({ ...NO_RULES, headers: ['origin', 'DATE', 'X-None'] })).connections.at(0)!.handshake!
        .headers,
    ).toEqual([
      ['request origin', 'https://example.org'],
      ['response DATE', SOME_CHANCE.date],
    ])
  })
})

describe('level frames', () => {
  it('level frames leaves out the lengths that depend on a value that a rule leaves out', async () => {
    const record = async (id: string, rules: Partial<Rules> = {}) =>
      recordGolden(
        await readCapture(
          recordExchange({
            target: '/',
            messages: [
              { from: 'client', text: 'same' },
              { from: 'client', text: `{"id":"${id}"}` },
            ],
            close: { by: 'client', code: 1000, reason: '' },
          }),
        ),
        'frames',
        { ...NO_RULES, ...rules },
      )
    const rules = { ignore: ['$.id'] }
    const golden = readGolden(writeGolden(await record('short', rules)), 'x')
    expect(Array.from(golden.connections.at(0)!.frames!, ({ length }) => length)).toEqual([
      4,
      undefined,
      2,
      2,
    ])
    expect(compareGoldens(golden, await record('a much longer one', rules))).toEqual([])
    const withoutRules = { ...(await record('short')), rules: { ...NO_RULES, ...rules } }
    expect(compareGoldens(withoutRules, await record('a much longer one'))).toEqual([])
    expect(inWords(compareGoldens(await record('short'), await record('a much longer one')))).toEqual([
      'message changed 2 $.id',
      'frame changed 2 length',
    ])
  })
})

describe('a rule of a golden file', () => {
  it('a rule counts the same whether it was there when the golden file was written or was added since', () => {
    const text = { client: 'client {"n":1,"id":5}' }
    for (const rules of [{ ignore: ['$.id'] }, { replace: [{ pattern: '5|7', with: '<x>' }] }]) {
      const all = { ...NO_RULES, ...rules }
      const compiled = compileRules(all)
      const later = compiled.apply(goldenOf(['client {"n":1,"id":7}'], rules))
      const stored = readGolden(writeGolden(compiled.apply(goldenOf([text.client], rules))), 'x')
      expect(compareGoldens(stored, later)).toEqual([])
      expect(compareGoldens(goldenOf([text.client], rules), later)).toEqual([])
    }
  })
})

describe('edits of JSON text', () => {
  it('an edit of JSON text with nothing to replace leaves any JSON as it is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 1, 3), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), undefined, indent)
        const selection = new Selection()
        selection.add({}, 'in another value')
        expect(replaceValues(text, JSON.parse(text), selection, 'X')).toBe(text)
        expect(mapScalars(text, (scalar) => scalar)).toBe(text)
      }),
    )
  })

  it('an edit of JSON text replaces the value at any one place, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.object({ maxDepth: 3, values: [fc.integer(), fc.string(), fc.constant(null)] }),
        (value) => {
          const text = JSON.stringify(value)
          for (const name of Object.keys(JSON.parse(text))) {
            const expected = JSON.parse(text)
            Object.defineProperty(expected, name, { value: 'X' })
            const root = JSON.parse(text)
            const selection = new Selection()
            selection.add(root, name)
            expect(replaceValues(text, root, selection, '"X"')).toBe(JSON.stringify(expected))
          }
        },
      ),
    )
  })

  it('objects and lists are taken for JSON, and bare numbers and words are not', () => {
    expect([' {}', '[1]', '111', '"a"', 'null', '{', ''].map((text) => parseJson(text))).toEqual([
      {},
      [1],
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
