// The sentences of findings: every language makes one of the values of every finding, and shows all that was captured.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readEvents } from '../../src/analyze.ts'
import { FINDINGS, type FindingEvent, type FindingText } from '../../src/base/findings.ts'
import { CATALOGUES } from '../../src/language/catalogue.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { findingSentence } from '../../src/language/finding-text.ts'
import { LANGUAGES, type Language } from '../../src/language/language.ts'
import { openInput } from '../../src/platform/node/input.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { findingSamples } from '../support/builders/finding-samples.ts'
import { fixtureNames, fixturePath, fixtureSecrets } from '../support/drivers/fixtures.ts'
import { scriptOf } from '../support/oracles/script-of.ts'

/** What a sentence says if a value is not there. */
const NOTHING_THERE = /undefined|NaN|\[object|null|true|false/

function sentenceIn(language: Language, finding: FindingText): string {
  const sentence = findingSentence(CATALOGUES[language].findings.sentences, finding)
  expect(sentence.trim()).not.toBe('')
  expect(sentence).not.toMatch(NOTHING_THERE)
  const script = scriptOf(language)
  if (script !== undefined) expect(sentence).toMatch(script)
  return sentence
}

describe('the sentences of findings', () => {
  it.each(LANGUAGES)('a sentence is there for each thing that a finding can say: %s', (language) => {
    const samples = findingSamples('<captured>')
    expect(new Set(samples.map(({ code }) => code))).toEqual(new Set(Object.keys(FINDINGS)))
    for (const finding of samples) {
      const sentence = sentenceIn(language, finding)
      expect(sentence.includes('<captured>')).toBe(JSON.stringify(finding.values).includes('<captured>'))
    }
  })

  it('every language tells apart whatever English tells apart', () => {
    const english = findingSamples().map(sentenceOf)
    for (const language of LANGUAGES) {
      const sentences = findingSamples().map((finding) => sentenceIn(language, finding))
      expect(new Set(sentences).size).toBe(new Set(english).size)
    }
  })

  it.each(fixtureNames)(
    'a sentence is there for every finding of %s, whose values are JSON',
    async (name) => {
      for (const finding of await findingsOf(name)) {
        expect(JSON.parse(JSON.stringify(finding.values))).toEqual(finding.values)
        for (const language of LANGUAGES) sentenceIn(language, finding)
      }
    },
  )
})

async function findingsOf(name: string): Promise<FindingEvent[]> {
  const { keyLog } = fixtureSecrets(name)
  const findings: FindingEvent[] = []
  const options = keyLog === undefined ? {} : { keyLog: readFileSync(keyLog) }
  for await (const batch of readEvents([await openInput(fixturePath(name))], nodePlatform, options)) {
    for (const event of batch) if (event.type === 'finding') findings.push(event)
  }
  return findings
}
