// The catalogues against the English one: a sentence that is there in one is there in the other, in its language.
import { describe, expect, it } from 'vitest'
import { CATALOGUES } from '../../src/language/catalogue.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { scriptOf } from '../support/oracles/script-of.ts'

/** A string, or a function that makes one. */
type Entry = string | ((...values: never[]) => unknown)

/** Two English words one after another, none of them a name or an abbreviation: such a sentence was left untranslated. */
const ENGLISH = /(?<![\w-])(?:[a-z]{3,} [a-z]{2,}|[a-z]{2,} [a-z]{3,})(?![\w-])/

/** An English word that is not a name of a field (`FIN`) or header (`Sec-WebSocket-Key`). */
const ENGLISH_WORD = /(?<![\w-])[A-Z]?[a-z]{2,}(?![\w-])/

const english = entriesOf(CATALOGUES.en)

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

describe.each(LANGUAGES)('the catalogue of %s', (language) => {
  const entries = entriesOf(CATALOGUES[language])
  const script = scriptOf(language)

  it('a catalogue has the same entries as the English one, which take the same values', () => {
    const shape = (catalogue: Map<string, Entry>) =>
      [...catalogue].map(([path, entry]) =>
        typeof entry === 'string' ? path : `${path}(${entry.length} values)`,
      )
    expect(shape(entries).sort()).toEqual(shape(english).sort())
  })

  it('no entry of a catalogue is empty', () => {
    expect([...entries].filter(([, entry]) => typeof entry === 'string' && entry.trim() === '')).toEqual([])
  })

  it('no entry is in the script of another language', () => {
    for (const other of LANGUAGES.filter((each) => each !== language).map(scriptOf)) {
      if (other === undefined || other.source === script?.source) continue
      expect([...entries].filter(([, entry]) => textsOf(entry).some((text) => other.test(text)))).toEqual([])
    }
  })

  // English has no script of its own.
  if (script !== undefined)
    it('the entries are in the language that they are said to be in, with no English left', () => {
      const foreign = [...entries].filter(([path, entry]) => {
        // Keys are called what the keyboard says.
        if (path.endsWith('.keys')) return false
        const texts = textsOf(entry)
        return texts.some((text) => ENGLISH_WORD.test(text)) && !texts.some((text) => script.test(text))
      })
      expect(foreign.map(([path, entry]) => `${path}: ${String(entry)}`)).toEqual([])
      const left = [...entries].filter(([, entry]) => textsOf(entry).some((text) => ENGLISH.test(text)))
      expect(left.map(([path, entry]) => `${path}: ${String(entry)}`)).toEqual([])
    })
})
