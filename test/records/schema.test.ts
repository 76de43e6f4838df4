// The JSON Schema of the records is generated from their types (src/records/records.ts) and shipped. `npm run schema` writes it anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGenerator } from 'ts-json-schema-generator'
import { expect, it } from 'vitest'
import { run } from '../support/drivers/command.ts'
import { fixtureNames, fixturePath } from '../support/drivers/fixtures.ts'
import { checkRecordLines } from '../support/oracles/record-schema.ts'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const SHIPPED = resolve(ROOT, 'src/records/schema.json')

it('the shipped schema is the one that the types of the records give', () => {
  const schema = createGenerator({
    path: resolve(ROOT, 'src/records/records.ts'),
    tsconfig: resolve(ROOT, 'test/support/oracles/schema.tsconfig.json'),
    type: 'JsonRecord',
    additionalProperties: false,
    skipTypeCheck: true,
    topRef: true,
  }).createSchema('JsonRecord')
  const generated = `${JSON.stringify(schema, null, 2)}\n`
  if (process.env['UPDATE'] === '1') writeFileSync(SHIPPED, generated)
  expect(readFileSync(SHIPPED, 'utf8')).toBe(generated)
})

it.each(fixtureNames)('the schema describes every record of %s', async (name) => {
  const { stdout } = await run([fixturePath(name), '--format', 'ndjson'])
  expect(stdout.split('\n').length).toBeGreaterThan(3)
})

it('the schema refuses what is not a record', () => {
  expect(() => checkRecordLines('{"type":"capture","schema":2,"files":[]}')).toThrow(/schema/)
  expect(() => checkRecordLines('{"type":"capture","schema":1,"files":[],"more":1}')).toThrow(/additional/)
})
