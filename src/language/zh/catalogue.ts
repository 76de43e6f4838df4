// All topics in Simplified Chinese.
import type { Catalogue } from '../en/catalogue.ts'
import { assembly } from './assembly.ts'
import { cards } from './cards.ts'
import { chapters } from './chapters.ts'
import { fields } from './fields.ts'
import { findings } from './findings.ts'
import { handshake } from './handshake.ts'
import { headerExercises } from './header-exercises.ts'
import { inspector } from './inspector.ts'
import { laboratory } from './laboratory.ts'
import { lesson } from './lesson.ts'
import { messageExercises } from './message-exercises.ts'
import { names } from './names.ts'
import { page } from './page.ts'
import { report } from './report.ts'
import { walk } from './walk.ts'

/** What the page and the walkthrough say, in Simplified Chinese. */
export const chinese: Catalogue = {
  assembly,
  cards,
  chapters,
  fields,
  findings,
  handshake,
  headerExercises,
  inspector,
  laboratory,
  lesson,
  messageExercises,
  names,
  page,
  report,
  walk,
}
