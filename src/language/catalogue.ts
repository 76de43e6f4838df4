// Every sentence that the page and the walkthrough say, by topic, in each language. A topic is an object of strings and of functions
// that put values into a sentence; its Chinese has the type of its English, so that a missing entry does not compile.
import { assembly as assemblyEnglish } from './en/assembly.ts'
import { cards as cardsEnglish } from './en/cards.ts'
import { fields as fieldsEnglish } from './en/fields.ts'
import { findings as findingsEnglish } from './en/findings.ts'
import { handshake as handshakeEnglish } from './en/handshake.ts'
import { inspector as inspectorEnglish } from './en/inspector.ts'
import { lesson as lessonEnglish } from './en/lesson.ts'
import { names as namesEnglish } from './en/names.ts'
import { page as pageEnglish } from './en/page.ts'
import { report as reportEnglish } from './en/report.ts'
import { walk as walkEnglish } from './en/walk.ts'
import type { Language } from './language.ts'
import { assembly as assemblyChinese } from './zh/assembly.ts'
import { cards as cardsChinese } from './zh/cards.ts'
import { fields as fieldsChinese } from './zh/fields.ts'
import { findings as findingsChinese } from './zh/findings.ts'
import { handshake as handshakeChinese } from './zh/handshake.ts'
import { inspector as inspectorChinese } from './zh/inspector.ts'
import { lesson as lessonChinese } from './zh/lesson.ts'
import { names as namesChinese } from './zh/names.ts'
import { page as pageChinese } from './zh/page.ts'
import { report as reportChinese } from './zh/report.ts'
import { walk as walkChinese } from './zh/walk.ts'

const english = {
  assembly: assemblyEnglish,
  cards: cardsEnglish,
  fields: fieldsEnglish,
  walk: walkEnglish,
  names: namesEnglish,
  findings: findingsEnglish,
  handshake: handshakeEnglish,
  inspector: inspectorEnglish,
  lesson: lessonEnglish,
  page: pageEnglish,
  report: reportEnglish,
}

/** All topics in one language. */
export type Catalogue = typeof english

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = {
  en: english,
  zh: {
    assembly: assemblyChinese,
    cards: cardsChinese,
    fields: fieldsChinese,
    walk: walkChinese,
    names: namesChinese,
    findings: findingsChinese,
    handshake: handshakeChinese,
    inspector: inspectorChinese,
    lesson: lessonChinese,
    page: pageChinese,
    report: reportChinese,
  },
}
