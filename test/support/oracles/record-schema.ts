// The shipped JSON Schema as a judge of printed lines.
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'

const schema = JSON.parse(readFileSync(new URL('../../../src/records/schema.json', import.meta.url), 'utf8'))
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema)

/** Throws an Error with the line and its fault if a line of NDJSON is not a record of the schema. */
export function checkRecordLines(ndjson: string): void {
  for (const line of ndjson.split('\n')) {
    if (line === '' || validate(JSON.parse(line))) continue
    const faults = validate.errors
      ?.map(({ instancePath, message }) => `${instancePath} ${message}`)
      .join('; ')
    throw new Error(`not a record of the schema: ${faults}\n${line.slice(0, 2000)}`)
  }
}
