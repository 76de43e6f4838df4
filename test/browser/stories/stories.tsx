// A page that shows one component at a time, for the tests of components: `show` is called from outside, and what is told the component's
// callbacks is kept in `told`.
import { render } from 'preact'
import type { Language } from '../../../src/language/language.ts'
import { MessageAssembly } from '../../../src/page/assembly/message-assembly.tsx'
import { FindingCard } from '../../../src/page/findings/finding-card.tsx'
import { Handshake } from '../../../src/page/handshake/handshake.tsx'
import { Words } from '../../../src/page/words.tsx'
import { InspectorStory } from './inspector-story.tsx'
import '../../../src/page/style.css'

/** The components, by name. */
const STORIES = { FindingCard, Handshake, InspectorStory, MessageAssembly }

export type StoryName = keyof typeof STORIES

/** What the tests call. */
export interface Stories {
  show(name: StoryName, props: object, language: Language): void
  readonly told: unknown[]
}

const root = document.getElementById('page')!
const told: unknown[] = []
let shown = 0

const stories: Stories = {
  told,
  show(name, props, language) {
    const Component = STORIES[name] as (props: object) => preact.JSX.Element
    const listeners = {
      onOpen: () => told.push('open'),
      onFrame: (frame: number) => told.push(frame),
    }
    // A key of its own, so that nothing is left of what was shown before.
    if (shown === 0) root.replaceChildren()
    render(
      <Words key={++shown} first={language}>
        <main>
          <Component {...listeners} {...props} />
        </main>
      </Words>,
      root,
    )
  },
}
Object.assign(globalThis, { stories })
