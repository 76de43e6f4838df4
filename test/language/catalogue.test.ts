// The two catalogues against each other: a sentence that is there in one is there in the other, in its language.
import { describe, expect, it } from 'vitest'
import { CATALOGUES } from '../../src/language/catalogue.ts'

/** A string, or a function that makes one. */
type Entry = string | ((...values: never[]) => unknown)

const HAN = /\p{Script=Han}/u
/** Two English words one after another, none of them a name or an abbreviation: such a sentence was left untranslated. */
const ENGLISH = /(?<![\w-])(?:[a-z]{3,} [a-z]{2,}|[a-z]{2,} [a-z]{3,})(?![\w-])/

/** An English word that is not a name of a field (`FIN`) or header (`Sec-WebSocket-Key`). */
const ENGLISH_WORD = /(?<![\w-])[A-Z]?[a-z]{2,}(?![\w-])/

const english = entriesOf(CATALOGUES.en)
const chinese = entriesOf(CATALOGUES.zh)

/** Every entry by its path: `report.title`. */
function entriesOf(topic: object, path = ''): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const [key, value] of Object.entries(topic)) {
    const here = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string' || typeof value === 'function') entries.set(here, value)
    else for (const [inner, entry] of entriesOf(value, here)) entries.set(inner, entry)
  }
  return entries
}

/** The texts that an entry can say; of a function, those that stand in it. */
function textsOf(entry: Entry): string[] {
  if (typeof entry === 'string') return [entry]
  return [...entry.toString().matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g)].map(
    ([literal]) => literal.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, '0'),
  )
}

describe('the catalogues', () => {
  it('the catalogues have the same entries, which take the same values', () => {
    const shape = (entries: Map<string, Entry>) =>
      [...entries].map(([path, entry]) =>
        typeof entry === 'string' ? path : `${path}(${entry.length} values)`,
      )
    expect(shape(chinese).sort()).toEqual(shape(english).sort())
  })

  it.each([
    ['English', english],
    ['Chinese', chinese],
  ])('no entry of the catalogue is empty: %s', (_, entries) => {
    expect([...entries].filter(([, entry]) => typeof entry === 'string' && entry.trim() === '')).toEqual([])
  })

  it('the entries are in Chinese where they are said to be', () => {
    const foreign = [...chinese].filter(([path, entry]) => {
      // Keys are called what the keyboard says.
      if (path.endsWith('.keys')) return false
      const texts = textsOf(entry)
      return texts.some((text) => ENGLISH_WORD.test(text)) && !texts.some((text) => HAN.test(text))
    })
    expect(foreign.map(([path, entry]) => `${path}: ${String(entry)}`)).toEqual([])
    const left = [...chinese].filter(([, entry]) => textsOf(entry).some((text) => ENGLISH.test(text)))
    expect(left.map(([path, entry]) => `${path}: ${String(entry)}`)).toEqual([])
    expect([...english].filter(([, entry]) => textsOf(entry).some((text) => HAN.test(text)))).toEqual([])
  })
})
