// An exercise as the student sees it: the question, a prediction, and then the check; a hint before, the answer after.
import { useId, useMemo, useState } from 'preact/hooks'
import { toHex } from '../../base/bytes.ts'
import { useWords } from '../words.tsx'
import { answerText, type Exercise, isRight, type MakeExercise } from './exercises/exercise.ts'
import type { Material } from './material.ts'

type State = 'asked' | 'empty' | 'wrong' | 'right'

/** `number`: its place in the chapter, from 1. */
export function ExerciseView(props: {
  readonly number: number
  readonly make: MakeExercise
  readonly material: Material
}) {
  const { number, make, material } = props
  const [drawn, setDrawn] = useState(0)
  const exercise = useMemo(() => make(material), [make, material, drawn])
  return <Asked key={drawn} number={number} exercise={exercise} another={() => setDrawn(drawn + 1)} />
}

function Asked(props: {
  readonly number: number
  readonly exercise: Exercise
  readonly another: () => void
}) {
  const words = useWords()
  const { lesson } = words
  const { number, exercise, another } = props
  const { question, hint, why, options } = exercise.say(words)
  const [given, setGiven] = useState('')
  const [state, setState] = useState<State>('asked')
  const [isHinted, setHinted] = useState(false)
  const [isRevealed, setRevealed] = useState(false)
  const heading = useId()
  const { answer } = exercise
  const check = (event: Event): void => {
    event.preventDefault()
    const right = isRight(answer, given)
    setState(right === undefined ? 'empty' : right ? 'right' : 'wrong')
  }
  const hasTried = state === 'wrong' || state === 'right'
  return (
    <article class="exercise" aria-labelledby={heading}>
      <h3 id={heading}>{lesson.exercise(number)}</h3>
      <p class="question">{question}</p>
      {exercise.lines !== undefined && <pre class="code">{exercise.lines.join('\n')}</pre>}
      {exercise.bytes !== undefined && <p class="code wire exercise-bytes">{toHex(exercise.bytes, ' ')}</p>}
      <form onSubmit={check}>
        {answer.form === 'choice' ? (
          <fieldset>
            <legend>{lesson.answer}</legend>
            {options!.map((option, i) => (
              <label key={option} class="check">
                <input
                  type="radio"
                  name={heading}
                  value={i}
                  checked={given === String(i)}
                  onChange={() => setGiven(String(i))}
                />
                {option}
              </label>
            ))}
          </fieldset>
        ) : (
          <label>
            {lesson.answer} ({lesson[`${answer.form}Form`]})
            <input
              type="text"
              class={answer.form === 'text' ? '' : 'code'}
              inputMode={answer.form === 'number' ? 'numeric' : 'text'}
              autocomplete="off"
              spellcheck={false}
              value={given}
              onInput={({ currentTarget }) => setGiven(currentTarget.value)}
            />
          </label>
        )}
        <div class="exercise-buttons">
          <button type="submit" class="primary">
            {lesson.check}
          </button>
          <button type="button" aria-expanded={isHinted} onClick={() => setHinted(!isHinted)}>
            {lesson.hint}
          </button>
          <button type="button" disabled={!hasTried} onClick={() => setRevealed(true)}>
            {lesson.reveal}
          </button>
          <button type="button" onClick={another}>
            {lesson.another}
          </button>
        </div>
      </form>
      {isHinted && <p class="hint">{hint}</p>}
      <p class={`outcome ${state}`} aria-live="polite">
        {state === 'right' && `✓ ${lesson.right} ${why}`}
        {state === 'wrong' && `✗ ${lesson.wrong}`}
        {state === 'empty' && lesson.isNone}
      </p>
      {isRevealed && (
        <p class="revealed">
          {lesson.theAnswer} <strong class="code">{answerText(exercise, words)}</strong> {why}
        </p>
      )}
    </article>
  )
}
