// The JSON Schema of scripts is generated from their types (src/encode/script.ts) and shipped. `npm run schema` writes it anew. What
// encode accepts is what the schema describes.
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { createGenerator } from 'ts-json-schema-generator'
import { describe, expect, it } from 'vitest'
import { schemaFault } from '../../src/encode/schema-check.ts'
import { faultyScript } from '../support/builders/arbitrary-scripts.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SHIPPED = resolve(ROOT, 'src/encode/script-schema.json')

it('the shipped script schema is the one that the types of scripts give', () => {
  const schema = createGenerator({
    path: resolve(ROOT, 'src/encode/script.ts'),
    tsconfig: resolve(ROOT, 'test/support/oracles/schema.tsconfig.json'),
    type: 'CaptureScript',
    additionalProperties: false,
    skipTypeCheck: true,
    topRef: true,
  }).createSchema('CaptureScript')
  const generated = `${JSON.stringify(schema, null, 2)}\n`
  if (process.env['UPDATE'] === '1') writeFileSync(SHIPPED, generated)
  expect(readFileSync(SHIPPED, 'utf8')).toBe(generated)
})

describe('a script', () => {
  const schema = JSON.parse(readFileSync(SHIPPED, 'utf8'))
  const isValid = new Ajv({ allowUnionTypes: true }).compile(schema)

  it('a script is accepted if Ajv accepts it by the shipped schema, and refused if Ajv refuses it', () => {
    const seen = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(faultyScript, fc.nat(), junk, (script, at, value) => {
        const spoilt = spoil(structuredClone(script), at, value)
        const accepted = isValid(spoilt)
        seen[accepted ? 'accepted' : 'refused']++
        expect({ accepted: schemaFault(spoilt, schema) === undefined, spoilt }).toEqual({ accepted, spoilt })
        expect(schemaFault(script, schema)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(20)
  })

  it('a refused script is named with the path to its fault', () => {
    fc.assert(
      fc.property(faultyScript, fc.nat(), junk, (script, at, value) => {
        const spoilt = spoil(structuredClone(script), at, value)
        const fault = schemaFault(spoilt, schema)
        let place: unknown = spoilt
        for (const step of fault?.path ?? []) {
          expect(Object.hasOwn(place as object, step)).toBe(true)
          place = (place as Record<string, unknown>)[step]
        }
      }),
      { numRuns: 200 },
    )
  })
})

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1,
    1.5,
    65_536,
    2 ** 32,
    '',
    'text',
    'client',
    '00',
    '12345678',
    [],
    {},
  ),
  fc.jsonValue({ maxDepth: 2 }),
)

/** The value with one place in it replaced, a field added or one taken out, as `at` chooses. */
function spoil(value: unknown, at: number, by: unknown): unknown {
  const places: Array<[holder: Record<string, unknown>, name: string]> = []
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [name, inner] of Object.entries(part)) {
      places.push([part as Record<string, unknown>, name])
      visit(inner)
    }
  }
  visit(value)
  const [holder, name] = places[at % places.length]!
  if (at % 5 === 0 && !Array.isArray(holder)) delete holder[name]
  else if (at % 5 === 1 && !Array.isArray(holder)) holder['unknown'] = by
  else holder[name] = by
  return value
}
