// The values that a JSONPath selects are those of json-p3, which reads the paths, and no path takes more than its steps.
import fc from 'fast-check'
import { JSONPathEnvironment, type JSONValue } from 'json-p3'
import { describe, expect, it } from 'vitest'
import { compareGoldens } from '../../src/golden/compare.ts'
import { Effort } from '../../src/golden/effort.ts'
import { JsonPath } from '../../src/golden/json-path.ts'
import { replaceValues, Selection } from '../../src/golden/json-text.ts'
import { readGolden } from '../../src/golden/read.ts'
import { writeGolden } from '../../src/golden/write.ts'
import { goldenOf } from '../support/builders/goldens.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'

const PLENTY = 10_000_000

const environment = new JSONPathEnvironment({ maxRecursionDepth: 110 })

function isReadable(path: string): boolean {
  try {
    environment.compile(path)
    return true
  } catch {
    return false
  }
}

/** The text with what the path selects replaced by X. */
function marked(path: string, text: string): string {
  const root = JSON.parse(text)
  const selection = new Selection()
  expect(new JsonPath(path).select(root, selection, new Effort(PLENTY))).toBe(true)
  return replaceValues(text, root, selection, '"X"')
}

/** The same by json-p3: every location that it names is replaced. */
function markedByTheOracle(path: string, text: string): string {
  const root = { value: JSON.parse(text) as JSONValue }
  const locations = environment.query(path, root.value).nodes.map(({ location }) => location)
  // What is inside another selected value is replaced with it.
  for (const location of locations.toSorted((a, b) => b.length - a.length)) {
    let container: unknown = root
    let key: string | number = 'value'
    for (const step of location) {
      container = (container as Record<string | number, unknown>)[key]
      key = step
    }
    ;(container as Record<string | number, unknown>)[key] = 'X'
  }
  return JSON.stringify(root.value)
}

const name = fc.constantFrom('a', 'b', 'c', '0', 'länge', '__proto__x')
const value = fc.letrec((tie) => ({
  scalar: fc.constantFrom<unknown>(0, 1, -1, 2.5, true, false, null, 'a', 'b', ''),
  any: fc.oneof(
    { depthSize: 'small' },
    tie('scalar'),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(name, tie('any'), { maxKeys: 4 }),
  ),
})).any
const json = fc
  .oneof(fc.array(value, { maxLength: 5 }), fc.dictionary(name, value, { maxKeys: 5 }))
  .map((any) => JSON.stringify(any))

const index = fc.integer({ min: -4, max: 4 })
const optional = fc
  .option(index, { nil: undefined })
  .map((number) => (number === undefined ? '' : `${number}`))
const paths = fc.letrec((tie) => ({
  singular: fc
    .array(
      fc.oneof(
        name.map((n) => `['${n}']`),
        index.map((i) => `[${i}]`),
      ),
      { maxLength: 3 },
    )
    .chain((steps) => fc.constantFrom('@', '$').map((start) => start + steps.join(''))),
  literal: fc.constantFrom('0', '1', '2.5', 'true', 'null', "'a'", '""'),
  operand: fc.oneof(
    tie('singular'),
    tie('literal'),
    tie('singular').map((query) => `length(${query})`),
    tie('query').map((query) => `count(${query})`),
    tie('query').map((query) => `value(${query})`),
  ),
  query: fc
    .array(tie('segment'), { maxLength: 2 })
    .chain((segments) => fc.constantFrom('@', '$').map((start) => start + segments.join(''))),
  test: fc.oneof(
    { depthSize: 'small' },
    tie('query'),
    fc
      .tuple(tie('operand'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('operand'))
      .map((parts) => parts.join(' ')),
    tie('test').map((test) => `!(${test})`),
    fc
      .tuple(tie('test'), fc.constantFrom('&&', '||'), tie('test'))
      .map(([a, and, b]) => `(${a}) ${and} (${b})`),
  ),
  selector: fc.oneof(
    { depthSize: 'small' },
    name.map((n) => `'${n}'`),
    index.map(String),
    fc.constant('*'),
    fc
      .tuple(optional, optional, fc.option(fc.constantFrom(-2, -1, 1, 2, 3), { nil: undefined }))
      .map(([start, stop, step]) => `${start}:${stop}${step === undefined ? '' : `:${step}`}`),
    tie('test').map((test) => `?${test}`),
  ),
  segment: fc
    .tuple(fc.constantFrom('', '', '..'), fc.array(tie('selector'), { minLength: 1, maxLength: 2 }))
    .map(([dots, selectors]) => `${dots}[${selectors.join(',')}]`),
  path: fc.array(tie('segment'), { maxLength: 4 }).map((segments) => `$${segments.join('')}`),
})).path as fc.Arbitrary<string>

describe('what a path selects', () => {
  it('a path selects what json-p3 selects by it', () => {
    let met = 0
    fc.assert(
      fc.property(paths, json, (path, text) => {
        // json-p3 does not read all that RFC 9535 allows within functions, and takes the `$` of a filter in a filter for its `@`.
        fc.pre(isReadable(path) && !/\?.*\?.*\$/.test(path))
        const expected = markedByTheOracle(path, text)
        if (expected !== text) met += 1
        expect(marked(path, text)).toBe(expected)
      }),
      { numRuns: 3000 },
    )
    // Paths that select nothing would prove nothing.
    expect(met).toBeGreaterThan(500)
  })

  it('the root in a filter within a filter is that of the whole value (RFC 9535 §2.3.5.1)', () => {
    expect(marked('$.list[?@[?@ == $.id]]', '{"id":7,"list":[[7],[8]]}')).toBe('{"id":7,"list":["X",[8]]}')
  })

  it('a path selects all of a list, however long it is', () => {
    const text = `{"list":[${Array.from({ length: 200_000 }, () => '1').join(',')}]}`
    expect(marked('$.list[*]', text)).toBe(text.replaceAll('1', '"X"'))
    expect(marked('$..[?@ == 1]', text)).toBe(text.replaceAll('1', '"X"'))
  })

  it('a name that comes twice is replaced twice', () => {
    expect(marked('$.a.b', '{"a":{"b":1},"a":{"b":2,"c":3}}')).toBe('{"a":{"b":"X"},"a":{"b":"X","c":3}}')
  })
})

describe('what a path may cost', () => {
  const twenty = JSON.stringify(Array.from({ length: 20 }, () => [[[[1]]]]))

  it.each([
    `$${'[*,*]'.repeat(100)}`,
    `$${'..*'.repeat(100)}`,
    `$${'[0,0,0,0]'.repeat(50)}`,
    `$${'[?@,?@]'.repeat(100)}`,
  ])('a path visits each value once a segment: %s', (path) => {
    const selection = new Selection()
    expect(new JsonPath(path).select(JSON.parse(twenty), selection, new Effort(100_000))).toBe(true)
  })

  it.each([
    `$[?@${'[*,*]'.repeat(50)}]`,
    `$[?count(@${'..*'.repeat(50)}) == 1]`,
    `$[?@${'[*,*]'.repeat(50)}.nothing]`,
    `$..[?$..[?$..[?$..[?$..[?$..x]]]]]`,
    '$[?$ == $][?$ == $][?$ == $]',
  ])('a path ends with its steps: %s', (path) => {
    const deep = JSON.stringify(
      Array.from({ length: 10 }, () => JSON.parse(`${'[1,'.repeat(60)}1${']'.repeat(60)}`)),
    )
    const effort = new Effort(100_000)
    const isWhole = new JsonPath(path).select(JSON.parse(deep), new Selection(), effort)
    expect(isWhole || effort.left < 1000).toBe(true)
  })

  it.each([`$[?@${'[*,*]'.repeat(30)}.x]`, `$[?count(@${'..*'.repeat(300)})>0]`])(
    'a path that takes too long is named in one line with its golden file and its place: %s',
    (path) => {
      const said = [`client ${'['.repeat(60)}1${']'.repeat(60)}`]
      const text = writeGolden(goldenOf(said, { ignore: ['$.time', path] }))
      const golden = readGolden(text, 'chat.golden.json')
      expect(() => compareGoldens(golden, goldenOf(said))).toThrow(
        expect.objectContaining({
          name: 'InputError',
          message: `chat.golden.json: rules.ignore[1]: ${JSON.stringify(path)} visits too many values; write a path that visits each value once`,
        }),
      )
    },
  )

  it('paths take time in proportion to the messages', async () => {
    const rules = { ignore: Array.from({ length: 20 }, (_, i) => `$..id${i}`) }
    const work = (count: number) => {
      const said = Array.from(
        { length: count },
        (_, i) => `client {"id1":${i},"list":[{"id2":[1,2,3]},{"x":{"id3":${i}}}]}`,
      )
      expect(
        compareGoldens(goldenOf(said, rules), goldenOf(said.map((words) => words.replaceAll(/\d+,/g, '7,')))),
      ).toEqual([])
    }
    expect(await growthOf(work, 1000)).toBeLessThan(IN_PROPORTION)
  })
})

describe('what a pattern may cost', () => {
  const compared = (text: string, rule: { pattern: string; with: string }) => () =>
    compareGoldens(goldenOf([`client ${text}`], { replace: [rule] }), goldenOf([`client ${text}`]))

  it('a large pattern ends with a line that names it', () => {
    expect(compared(`${'a'.repeat(400_000)}b`, { pattern: '(a?){200}b', with: 'x' })).toThrow(
      'rules.replace[0]: the patterns take too long for these messages',
    )
  })

  it('a stand-in that makes texts too long ends with a line that names its pattern', () => {
    expect(compared('a'.repeat(100_000), { pattern: 'a', with: 'b'.repeat(1000) })).toThrow(
      'rules.replace[0]: the pattern makes the messages too long',
    )
  })
})
