// The lesson's exercises: each is drawn many times, with the class's captures and without, and answered from what it shows and what was taught
// up to its chapter, by the rules of the RFCs.
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { limitsWith } from '../../src/base/limits.ts'
import { openCaptures, readCaptures } from '../../src/cli/reading.ts'
import { CATALOGUES } from '../../src/language/catalogue.ts'
import { answerText, type Exercise, isRight } from '../../src/page/lesson/exercises/exercise.ts'
import { CHAPTER_NAMES, type ChapterName, EXERCISES } from '../../src/page/lesson/exercises/of-chapters.ts'
import { Material } from '../../src/page/lesson/material.ts'
import { LessonCollector } from '../../src/report/lesson.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { ANSWERS, type Knowledge } from '../support/oracles/lesson-answers.ts'
import { CONCEPTS, type ConceptName, KNOWLEDGE } from '../support/oracles/lesson-concepts.ts'

const DRAWS = 60
const CAPTURES = [
  'article',
  'article-uncompressed',
  'violations',
  'fragments-and-pings',
  'close-codes',
  'context-takeover',
  'texts',
  'large-binary',
]
const ALL = CHAPTER_NAMES.flatMap((chapter) =>
  Object.entries(EXERCISES[chapter]).map(([name, make]) => ({ chapter, name, make })),
)

/** Draws the same bytes again for the same seed. */
function seedRandom(seed: number): void {
  let state = seed >>> 0
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  }
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    const view = array as unknown as Uint8Array
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    for (let i = 0; i < bytes.length; i++) bytes[i] = next()
    return array
  })
}

/** What has been taught up to a chapter. Anything else is refused. `used`: gathers what was made use of. */
function knowledgeOf(chapter: ChapterName, used: Set<ConceptName>): Knowledge {
  return new Proxy(KNOWLEDGE, {
    get(all, name: ConceptName) {
      const from = CONCEPTS[name].chapter
      if (CHAPTER_NAMES.indexOf(from) > CHAPTER_NAMES.indexOf(chapter))
        throw new Error(`${name} is taught in ${from}, and asked for in ${chapter}`)
      used.add(name)
      return all[name]
    },
  })
}

/** What is right of an exercise, in the form in which it is typed. */
function answerOf({ answer }: Exercise): string {
  return answer.form === 'hex' ? toHex(answer.is) : String(answer.is)
}

/** `5 × 16 + 12` is 92. Undefined if a text is more than a sum. */
function resultOf(sum: string): number | undefined {
  const plain = sum.replace(/\.$/, '').replaceAll('×', '*').replaceAll('mod', '%')
  if (!/^[\d\s*/%+()]+$/.test(plain) || !/[*/%+]/.test(plain)) return undefined
  return Number(new Function(`return ${plain}`)())
}

let materials: Readonly<Record<string, Material>>
beforeAll(async () => {
  const paths = CAPTURES.map(fixturePath)
  const collector = new LessonCollector()
  const options = { limits: limitsWith(), decodeAs: new Set<number>(), secrets: {} } as never
  await readCaptures(
    await openCaptures(paths),
    options,
    { isTTY: false },
    {
      take(batch) {
        for (const event of batch) collector.event(event)
      },
    },
  )
  materials = { 'no capture': new Material(undefined), captures: new Material(collector.take(paths)) }
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(['no capture', 'captures'])('exercises from %s', (source) => {
  it.each(ALL)(
    'the answer of $name, in $chapter, is what the RFC says, by what was taught',
    ({ chapter, name, make }) => {
      const asked = new Set<string>()
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
          seedRandom(seed)
          const exercise = make(materials[source]!)
          const { question, options = [], why } = exercise.say(CATALOGUES.en)
          const shown = {
            question,
            options,
            bytes: exercise.bytes ?? new Uint8Array(0),
            lines: exercise.lines ?? [],
          }
          const solved = ANSWERS[name]!(shown, knowledgeOf(chapter, new Set()))
          expect(normal(solved)).toBe(normal(answerOf(exercise)))
          expect(isRight(exercise.answer, solved)).toBe(true)
          expect(answerText(exercise, CATALOGUES.en)).not.toBe('')
          expect(new Set(options).size).toBe(options.length)
          const sum = resultOf(why)
          if (sum !== undefined && exercise.answer.form === 'number') expect(sum).toBe(exercise.answer.is)
          asked.add(`${question} ${toHex(shown.bytes)} ${shown.lines.join()}`)
        }),
        { numRuns: DRAWS },
      )
      // With one capture there may be a single frame that fits.
      if (source === 'no capture' && name !== 'tail' && name !== 'statusLine')
        expect(asked.size).toBeGreaterThan(1)
    },
  )
})

describe('the exercises', () => {
  it('every exercise has an answer of the test’s own, and no other has', () => {
    expect(ALL.map(({ name }) => name).sort()).toEqual(Object.keys(ANSWERS).sort())
  })

  it('what an exercise says in Chinese has every number and byte that it says in English', () => {
    const figures = (text: string): readonly string[] => text.match(/\b[0-9a-f]*\d[0-9a-f]*\b/g) ?? []
    for (const { name, make } of ALL) {
      for (let seed = 0; seed < 10; seed++) {
        seedRandom(seed)
        const exercise = make(materials['no capture']!)
        const english = exercise.say(CATALOGUES.en)
        const chinese = exercise.say(CATALOGUES.zh)
        expect([name, chinese.options?.length]).toEqual([name, english.options?.length])
        for (const part of ['question', 'why'] as const) {
          const left = figures(english[part]).filter((figure) => !figures(chinese[part]).includes(figure))
          expect([name, part, ...left]).toEqual([name, part])
        }
      }
    }
  })

  it('every concept is asked for in some exercise of its chapter or a later one', () => {
    const used = new Set<ConceptName>()
    for (const { chapter, name, make } of ALL) {
      for (let seed = 0; seed < 40; seed++) {
        seedRandom(seed)
        const exercise = make(materials['no capture']!)
        const { question, options = [] } = exercise.say(CATALOGUES.en)
        const shown = {
          question,
          options,
          bytes: exercise.bytes ?? new Uint8Array(0),
          lines: exercise.lines ?? [],
        }
        ANSWERS[name]!(shown, knowledgeOf(chapter, used))
      }
    }
    expect([...used].sort()).toEqual(Object.keys(CONCEPTS).sort())
  })
})

/** Hex and texts as they are compared. */
function normal(text: string): string {
  return /^[0-9a-f ]+$/.test(text) ? text.replaceAll(' ', '') : text.trim()
}
