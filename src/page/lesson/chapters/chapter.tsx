// The chapters: what each says, what can be tried in it, and its exercises.
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { Opcode } from '../../../base/events.ts'
import { lengthFormOf } from '../../../websocket/header.ts'
import { Handshake } from '../../handshake/handshake.tsx'
import { useWords } from '../../words.tsx'
import { ExerciseView } from '../exercise-view.tsx'
import { articleExercises } from '../exercises/article.ts'
import { closingExercises } from '../exercises/closing.ts'
import { compressionExercises } from '../exercises/compression.ts'
import { controlExercises } from '../exercises/control.ts'
import { textFrame } from '../exercises/draw.ts'
import type { MakeExercise } from '../exercises/exercise.ts'
import { firstFrameExercises } from '../exercises/first-frame.ts'
import { fragmentationExercises } from '../exercises/fragmentation.ts'
import { handshakeExercises } from '../exercises/handshake.ts'
import { lengthExercises } from '../exercises/lengths.ts'
import { maskingExercises } from '../exercises/masking.ts'
import { pollingExercises } from '../exercises/polling.ts'
import { RFC_CONNECTION } from '../handshake.ts'
import { LengthBench } from '../length-bench.tsx'
import { MaskingBench } from '../masking-bench.tsx'
import type { Example, Material } from '../material.ts'
import { ArticleBench } from './article.tsx'
import {
  ClosingConversation,
  CompressedConversation,
  FragmentedConversation,
  PingConversation,
} from './conversations.tsx'
import { ExampleSection, ExampleView } from './example-view.tsx'
import { PollingTable } from './polling.tsx'

interface Parts {
  readonly bench: (material: Material) => ComponentChildren
  readonly exercises: readonly MakeExercise[]
  /** Which frames of the class's capture are its examples. */
  readonly shows?: (example: Example) => boolean
}

const isMessage = ({ header }: Example): boolean =>
  header.opcode === Opcode.text || header.opcode === Opcode.binary

const CHAPTERS = {
  polling: { bench: () => <PollingTable />, exercises: pollingExercises },
  handshake: {
    bench: ({ capture }) => (
      <ExampleSection>
        <Handshake connection={capture?.connection ?? RFC_CONNECTION} />
      </ExampleSection>
    ),
    exercises: handshakeExercises,
  },
  'first-frame': { bench: (material) => <FirstFrame material={material} />, exercises: firstFrameExercises },
  lengths: {
    bench: () => <LengthBench />,
    exercises: lengthExercises,
    shows: ({ header }) => lengthFormOf(header) > 7,
  },
  masking: {
    bench: () => <MaskingBench />,
    exercises: maskingExercises,
    shows: (example) => example.header.masked && isMessage(example) && example.payload.length > 0,
  },
  fragmentation: {
    bench: () => <FragmentedConversation />,
    exercises: fragmentationExercises,
    shows: ({ header }) => header.opcode === Opcode.continuation,
  },
  control: {
    bench: () => <PingConversation />,
    exercises: controlExercises,
    shows: ({ header }) => header.opcode === Opcode.ping || header.opcode === Opcode.pong,
  },
  closing: {
    bench: () => <ClosingConversation />,
    exercises: closingExercises,
    shows: ({ header }) => header.opcode === Opcode.close,
  },
  compression: {
    bench: () => <CompressedConversation />,
    exercises: compressionExercises,
    shows: ({ inspected }) => inspected.message?.compressed === true,
  },
  article: { bench: () => <ArticleBench />, exercises: articleExercises },
} as const satisfies Record<string, Parts>

/** The chapters in their order. */
export type ChapterName = keyof typeof CHAPTERS

export const CHAPTER_NAMES = Object.keys(CHAPTERS) as ChapterName[]

/** One chapter. */
export function Chapter({ name, material }: { readonly name: ChapterName; readonly material: Material }) {
  const { chapters, lesson } = useWords()
  const { title, text } = chapters[name]
  const { bench, exercises, shows }: Parts = CHAPTERS[name]
  const at = CHAPTER_NAMES.indexOf(name)
  const before = CHAPTER_NAMES[at - 1]
  const after = CHAPTER_NAMES[at + 1]
  const example = useMemo(() => {
    const examples = shows === undefined ? [] : material.all(shows)
    return examples.find(({ inspected }) => inspected.message !== undefined) ?? examples[0]
  }, [name, material])
  return (
    <>
      <h1>{title}</h1>
      {text.map((paragraph) => (
        <p key={paragraph} class="lead">
          {paragraph}
        </p>
      ))}
      {bench(material)}
      {example !== undefined && <ExampleView example={example} />}
      <section class="exercises">
        <h2>{lesson.exercises}</h2>
        <p>{lesson.predict}</p>
        {exercises.map((make, i) => (
          <ExerciseView key={`${name} ${i}`} number={i + 1} make={make} material={material} />
        ))}
      </section>
      <nav class="turn" aria-label={lesson.turn}>
        {before !== undefined && (
          <a href={`#${before}`} rel="prev">
            ← {lesson.previous(chapters[before].title)}
          </a>
        )}
        {after !== undefined && (
          <a href={`#${after}`} rel="next">
            {lesson.next(chapters[after].title)} →
          </a>
        )}
      </nav>
    </>
  )
}

function FirstFrame({ material }: { readonly material: Material }) {
  const example = useMemo(
    () =>
      material.example(
        (each) => isMessage(each) && each.header.fin && each.payload.length <= 64,
        () => textFrame('Hello', false),
      ),
    [material],
  )
  return <ExampleView example={example} />
}
