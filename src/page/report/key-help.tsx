// The keys of the report, as a dialogue. It stands alone: everything else in the report works without it.
import type { RefObject } from 'preact'
import { useWords } from '../words.tsx'

/** Keys as they are written on keyboards, and what is said of them. */
const KEYS = [
  ['↑ ↓', 'move'],
  ['PgUp PgDn Home End', 'moveFar'],
  ['/', 'search'],
  ['← →', 'step'],
  ['Esc', 'leave'],
  ['?', 'help'],
] as const

/** What the keys do. */
export function KeyHelp({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  const { report: words } = useWords()
  return (
    <dialog ref={dialog} class="key-help" aria-labelledby="key-help-title">
      <h2 id="key-help-title">{words.keys}</h2>
      <dl>
        {KEYS.map(([keys, does]) => (
          <div key={keys} class="key-row">
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words.keysDo[does]}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        {words.close}
      </button>
    </dialog>
  )
}
