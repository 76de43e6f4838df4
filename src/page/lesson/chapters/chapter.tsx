// The chapters: what each says, what can be tried in it, and its exercises.
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { Opcode } from '../../../base/events.ts'
import { lengthFormOf } from '../../../websocket/header.ts'
import { Handshake } from '../../handshake/handshake.tsx'
import { useWords } from '../../words.tsx'
import { ExerciseView } from '../exercise-view.tsx'
import { textFrame } from '../exercises/draw.ts'
import type { Exercises } from '../exercises/exercise.ts'
import { isPlainWord } from '../exercises/first-frame.ts'
import { CHAPTER_NAMES, type ChapterName, EXERCISES } from '../exercises/of-chapters.ts'
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
import { AsciiTable, CloseCodeTable, HexTable, LengthTable, OpcodeTable } from './tables.tsx'

interface Parts {
  readonly bench: (material: Material) => ComponentChildren
  /** Which frames of the class's capture are its examples. */
  readonly shows?: (example: Example) => boolean
}

const isMessage = ({ header }: Example): boolean =>
  header.opcode === Opcode.text || header.opcode === Opcode.binary

const CHAPTERS: Readonly<Record<ChapterName, Parts>> = {
  polling: { bench: () => <PollingTable /> },
  handshake: {
    bench: ({ capture }) => (
      <ExampleSection>
        <Handshake connection={capture?.connection ?? RFC_CONNECTION} />
      </ExampleSection>
    ),
  },
  'hex-and-bits': {
    bench: () => (
      <>
        <HexTable />
        <AsciiTable />
      </>
    ),
  },
  'first-frame': {
    bench: (material) => (
      <>
        <OpcodeTable />
        <FirstFrame material={material} />
      </>
    ),
  },
  lengths: {
    bench: () => (
      <>
        <LengthTable />
        <LengthBench masked={false} />
      </>
    ),
    shows: ({ header }) => lengthFormOf(header) > 7,
  },
  masking: {
    bench: () => <MaskingBench />,
    shows: (example) => example.header.masked && isMessage(example) && example.payload.length > 0,
  },
  fragmentation: {
    bench: () => <FragmentedConversation />,
    shows: ({ header }) => header.opcode === Opcode.continuation,
  },
  control: {
    bench: () => <PingConversation />,
    shows: ({ header }) => header.opcode === Opcode.ping || header.opcode === Opcode.pong,
  },
  closing: {
    bench: () => (
      <>
        <CloseCodeTable />
        <ClosingConversation />
      </>
    ),
    shows: ({ header }) => header.opcode === Opcode.close,
  },
  compression: {
    bench: () => <CompressedConversation />,
    shows: ({ inspected }) => inspected.message?.compressed === true,
  },
  article: { bench: () => <ArticleBench /> },
}

/** One chapter. */
export function Chapter({ name, material }: { readonly name: ChapterName; readonly material: Material }) {
  const { chapters, lesson } = useWords()
  const { title, text } = chapters[name]
  const { bench, shows } = CHAPTERS[name]
  const exercises: Exercises = EXERCISES[name]
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
        {Object.entries(exercises).map(([asked, make], i) => (
          <ExerciseView key={asked} number={i + 1} make={make} material={material} />
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

/** Read without a mask and without inflating, which come later. */
function FirstFrame({ material }: { readonly material: Material }) {
  const example = useMemo(
    () =>
      material.example(
        (each) => each.inspected.from === 'server' && isPlainWord(each),
        () => textFrame('Hello', false),
      ),
    [material],
  )
  return <ExampleView example={example} madeUpFor={material.capture?.name} />
}
