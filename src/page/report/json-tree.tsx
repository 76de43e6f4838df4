import { useState } from 'preact/hooks'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'

/** Members of one object or array that are shown before the reader asks for more. */
const SHOWN = 100
/** Levels that are open at first. */
const OPEN = 2
/** Longer text is not parsed. */
const LONGEST = 1_000_000

/** The text as JSON if it is an object or an array; else undefined. */
export function jsonOf(text: string): object | undefined {
  if (text.length > LONGEST || !/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}

/** A value of JSON, its members below it, opened and closed by the reader. */
export function JsonTree({ value, level = 0 }: { readonly value: unknown; readonly level?: number }) {
  const { report: words } = useWords()
  const [shown, setShown] = useState(SHOWN)
  const [isOpen, setOpen] = useState(level < OPEN)
  if (typeof value !== 'object' || value === null) {
    return (
      <span class={`json-${value === null ? 'null' : typeof value}`}>{shownText(JSON.stringify(value))}</span>
    )
  }
  const members = Object.entries(value)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (members.length === 0)
    return (
      <span>
        {open}
        {close}
      </span>
    )
  return (
    <details class="json" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {open} <span class="note">{words.members(members.length)}</span>
      </summary>
      {isOpen && (
        <ul>
          {members.slice(0, shown).map(([key, member]) => (
            <li key={key}>
              <span class="json-key">{shownText(Array.isArray(value) ? key : JSON.stringify(key))}</span>:{' '}
              <JsonTree value={member} level={level + 1} />
            </li>
          ))}
          {members.length > shown && (
            <li>
              <button type="button" onClick={() => setShown(shown + 10 * SHOWN)}>
                {words.moreMembers(members.length - shown)}
              </button>
            </li>
          )}
        </ul>
      )}
      {close}
    </details>
  )
}
