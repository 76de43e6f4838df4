// Every sentence that the page and the walkthrough say, by topic, in each language. A topic is an object of strings and of functions
// that put values into a sentence; its Chinese has the type of its English, so that a missing entry does not compile.
import { assembly as assemblyEnglish } from './en/assembly.ts'
import { cards as cardsEnglish } from './en/cards.ts'
import { chapters as chaptersEnglish } from './en/chapters.ts'
import { fields as fieldsEnglish } from './en/fields.ts'
import { findings as findingsEnglish } from './en/findings.ts'
import { handshake as handshakeEnglish } from './en/handshake.ts'
import { headerExercises as headerExercisesEnglish } from './en/header-exercises.ts'
import { inspector as inspectorEnglish } from './en/inspector.ts'
import { laboratory as laboratoryEnglish } from './en/laboratory.ts'
import { lesson as lessonEnglish } from './en/lesson.ts'
import { messageExercises as messageExercisesEnglish } from './en/message-exercises.ts'
import { names as namesEnglish } from './en/names.ts'
import { page as pageEnglish } from './en/page.ts'
import { report as reportEnglish } from './en/report.ts'
import { walk as walkEnglish } from './en/walk.ts'
import type { Language } from './language.ts'
import { assembly as assemblyChinese } from './zh/assembly.ts'
import { cards as cardsChinese } from './zh/cards.ts'
import { chapters as chaptersChinese } from './zh/chapters.ts'
import { fields as fieldsChinese } from './zh/fields.ts'
import { findings as findingsChinese } from './zh/findings.ts'
import { handshake as handshakeChinese } from './zh/handshake.ts'
import { headerExercises as headerExercisesChinese } from './zh/header-exercises.ts'
import { inspector as inspectorChinese } from './zh/inspector.ts'
import { laboratory as laboratoryChinese } from './zh/laboratory.ts'
import { lesson as lessonChinese } from './zh/lesson.ts'
import { messageExercises as messageExercisesChinese } from './zh/message-exercises.ts'
import { names as namesChinese } from './zh/names.ts'
import { page as pageChinese } from './zh/page.ts'
import { report as reportChinese } from './zh/report.ts'
import { walk as walkChinese } from './zh/walk.ts'

const english = {
  assembly: assemblyEnglish,
  cards: cardsEnglish,
  chapters: chaptersEnglish,
  fields: fieldsEnglish,
  walk: walkEnglish,
  names: namesEnglish,
  findings: findingsEnglish,
  handshake: handshakeEnglish,
  headerExercises: headerExercisesEnglish,
  inspector: inspectorEnglish,
  laboratory: laboratoryEnglish,
  lesson: lessonEnglish,
  messageExercises: messageExercisesEnglish,
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
    chapters: chaptersChinese,
    fields: fieldsChinese,
    walk: walkChinese,
    names: namesChinese,
    findings: findingsChinese,
    handshake: handshakeChinese,
    headerExercises: headerExercisesChinese,
    inspector: inspectorChinese,
    laboratory: laboratoryChinese,
    lesson: lessonChinese,
    messageExercises: messageExercisesChinese,
    page: pageChinese,
    report: reportChinese,
  },
}
