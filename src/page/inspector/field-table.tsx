// The fields in the order of the wire: name, bits, value; and what each means, with its section.
import { fieldMeaning } from '../../language/field-meaning.ts'
import { useWords } from '../words.tsx'
import { bitsText, valueText } from './field-value.ts'
import { fieldColour, fieldSpot, type ReadFrame } from './read-frame.ts'
import { standsFor, useSpotClass } from './spot.ts'

/** `annotated`: every field is explained at once; otherwise only the chosen one. */
export function FieldTable(props: {
  readonly read: ReadFrame
  readonly chosen: string | undefined
  readonly annotated: boolean
  readonly onField: (name: string) => void
}) {
  const catalogue = useWords()
  const { inspector: words, fields: fieldWords } = catalogue
  const { read, chosen, annotated, onField } = props
  const spotClass = useSpotClass()
  return (
    <table class="field-table">
      <caption>{words.fields}</caption>
      <thead>
        <tr>
          <th scope="col">{words.field}</th>
          <th scope="col">{words.bits}</th>
          <th scope="col">{words.value}</th>
        </tr>
      </thead>
      {read.fields.map((field) => {
        const spot = fieldSpot(field)
        const open = annotated || chosen === field.name
        return (
          <tbody
            key={field.name}
            {...standsFor(spot)}
            class={spotClass(spot, fieldColour(field), open ? 'open' : '')}
          >
            <tr>
              <th scope="row">
                <button
                  type="button"
                  class="field-name"
                  aria-expanded={open}
                  onClick={() => onField(field.name)}
                >
                  {fieldWords.names[field.name]}
                </button>
              </th>
              <td class="code">{bitsText(read, field)}</td>
              <td class="code">{valueText(field, catalogue)}</td>
            </tr>
            <tr class="explanation">
              <td colSpan={3}>
                {fieldMeaning(fieldWords, field)} <cite>{field.reference}</cite>
              </td>
            </tr>
          </tbody>
        )
      })}
    </table>
  )
}
