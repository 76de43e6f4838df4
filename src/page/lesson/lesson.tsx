// The lesson: chapters and the laboratory, one at a time, each with an address of its own.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { LessonData } from '../../report/page-data.ts'
import { shownText } from '../captured-text.ts'
import { LanguageSwitch } from '../language-switch.tsx'
import { useWords } from '../words.tsx'
import { Chapter } from './chapters/chapter.tsx'
import { CHAPTER_NAMES, type ChapterName } from './exercises/of-chapters.ts'
import { BENCH_NAMES, type BenchName, Laboratory } from './laboratory.tsx'
import { Material } from './material.ts'
import './lesson.css'

type Place = { readonly chapter: ChapterName } | { readonly bench: BenchName }

/** The whole page. */
export function Lesson({ data }: { readonly data: LessonData }) {
  const { lesson: words, laboratory, chapters } = useWords()
  const material = useMemo(() => new Material(data.capture), [data])
  const [place, setPlace] = useState(placeOf(location.hash))
  const main = useRef<HTMLElement>(null)
  useEffect(() => {
    const go = (): void => {
      setPlace(placeOf(location.hash))
      scrollTo(0, 0)
      // So that a screen reader goes to the new chapter.
      main.current?.focus({ preventScroll: true })
    }
    addEventListener('hashchange', go)
    return () => removeEventListener('hashchange', go)
  }, [])
  const heading = 'chapter' in place ? chapters[place.chapter].title : laboratory[place.bench]
  useEffect(() => {
    document.title = `${heading} · ${words.title}`
  }, [heading, words.title])
  return (
    <div class="lesson">
      <header class="lesson-header">
        <a class="lesson-title" href={`#${CHAPTER_NAMES[0]}`}>
          {words.title}
        </a>
        <LanguageSwitch />
      </header>
      <nav class="lesson-contents" aria-label={words.contents}>
        <ol>
          {CHAPTER_NAMES.map((name) => (
            <li key={name}>
              <a
                href={`#${name}`}
                aria-current={'chapter' in place && place.chapter === name ? 'page' : undefined}
              >
                {chapters[name].title}
              </a>
            </li>
          ))}
        </ol>
        <a href="#laboratory/encode" aria-current={'bench' in place ? 'page' : undefined}>
          {laboratory.title}
        </a>
      </nav>
      <main ref={main} tabIndex={-1}>
        {data.capture !== undefined && (
          <p class="note">{words.capture(shownText(data.capture.name), data.capture.frames.length)}</p>
        )}
        {'chapter' in place ? (
          <Chapter key={place.chapter} name={place.chapter} material={material} />
        ) : (
          <Laboratory bench={place.bench} />
        )}
      </main>
    </div>
  )
}

function placeOf(hash: string): Place {
  const [first, second] = hash.slice(1).split('/')
  const chapter = CHAPTER_NAMES.find((name) => name === first)
  if (chapter !== undefined) return { chapter }
  if (first !== 'laboratory') return { chapter: CHAPTER_NAMES[0]! }
  return { bench: BENCH_NAMES.find((name) => name === second) ?? BENCH_NAMES[0]! }
}
