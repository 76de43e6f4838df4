import type { RefObject } from 'preact'
import type { Side } from '../../base/stream.ts'
import { useWords } from '../words.tsx'
import { countText } from './amounts.ts'
import { type FilteredRows, type FrameFilter, NO_FILTER } from './frame-filter.ts'

/** The filter of the frame list, and what it lets through. `search`: the field that `/` goes to. */
export function FilterBar(props: {
  readonly filter: FrameFilter
  readonly setFilter: (filter: FrameFilter) => void
  readonly opcodes: readonly number[]
  readonly found: FilteredRows
  readonly total: number
  readonly search: RefObject<HTMLInputElement | null>
}) {
  const { report: words, names } = useWords()
  const { filter, setFilter, opcodes, found, total, search } = props
  const change = (changed: Partial<FrameFilter>): void => setFilter({ ...filter, ...changed })
  const { fault } = found
  return (
    <search class="filter-bar" aria-label={words.filter}>
      <label>
        {words.sender}{' '}
        <select
          value={filter.from ?? ''}
          onChange={({ currentTarget }) =>
            change({ from: (currentTarget.value || undefined) as Side | undefined })
          }
        >
          <option value="">{words.both}</option>
          <option value="client">{names.client}</option>
          <option value="server">{names.server}</option>
        </select>
      </label>
      <label>
        {words.opcode}{' '}
        <select
          value={filter.opcode ?? ''}
          onChange={({ currentTarget: { value } }) =>
            change({ opcode: value === '' ? undefined : Number(value) })
          }
        >
          <option value="">{words.any}</option>
          {opcodes.map((opcode) => (
            <option key={opcode} value={opcode}>
              {names.opcode(opcode)}
            </option>
          ))}
        </select>
      </label>
      <label class="filter-text">
        {words.search} <kbd>/</kbd>{' '}
        <input
          type="search"
          ref={search}
          value={filter.text}
          spellcheck={false}
          aria-invalid={fault !== undefined}
          aria-describedby="filter-result"
          onInput={({ currentTarget }) => change({ text: currentTarget.value })}
        />
      </label>
      <label>
        <input
          type="checkbox"
          checked={filter.isPattern}
          onChange={({ currentTarget }) => change({ isPattern: currentTarget.checked })}
        />{' '}
        {words.pattern}
      </label>
      <label>
        <input
          type="checkbox"
          checked={filter.findingsOnly}
          onChange={({ currentTarget }) => change({ findingsOnly: currentTarget.checked })}
        />{' '}
        {words.findingsOnly}
      </label>
      <button type="button" disabled={filter === NO_FILTER} onClick={() => setFilter(NO_FILTER)}>
        {words.clearFilter}
      </button>
      <output id="filter-result">
        {fault?.kind === 'invalid' ? (
          <span class="fault">{words.badPattern(fault.reason)}</span>
        ) : fault?.kind === 'slow' ? (
          <span class="fault">{words.slowPattern}</span>
        ) : (
          words.framesShown(countText(found.rows.length), countText(total))
        )}
        {found.searched < 1 && ` ${words.searching(Math.floor(found.searched * 100))}`}
      </output>
    </search>
  )
}
