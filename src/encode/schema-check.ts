// Checks a value by a JSON Schema such as script-schema.json, and tells its author in words what is wrong. It knows only the
// keywords that occur there.

/** The keywords that it knows. */
export interface Schema {
  readonly $ref?: string
  readonly definitions?: Readonly<Record<string, Schema>>
  /** What is expected, in words. */
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
}

/** What is wrong, and where. */
export interface SchemaFault {
  /** Names and indexes from the value down to the place. */
  readonly path: ReadonlyArray<string | number>
  /** What is wrong there, and the cure. */
  readonly message: string
}

interface Choices {
  readonly choices: readonly Schema[]
  /** Fields that only one of the choices requires. Such a field says which choice is meant. */
  readonly telling: ReadonlyMap<string, Schema>
}

/** The first fault of a value. Undefined if it has none. */
export function schemaFault(value: unknown, schema: Schema): SchemaFault | undefined {
  const definitions = schema.definitions ?? {}

  const resolve = (part: Schema): Schema =>
    part.$ref === undefined ? part : resolve(definitions[part.$ref.slice('#/definitions/'.length)] ?? {})

  const known = new Map<Schema, Choices>()
  const choicesOf = (part: Schema): Choices => {
    const before = known.get(part)
    if (before !== undefined) return before
    const choices = (part.anyOf ?? []).map(resolve)
    const telling = new Map(
      choices.flatMap((choice) => ownRequired(choice, choices).map((name) => [name, choice] as const)),
    )
    known.set(part, { choices, telling })
    return { choices, telling }
  }

  const faultAt = (
    at: unknown,
    unresolved: Schema,
    path: ReadonlyArray<string | number>,
  ): SchemaFault | undefined => {
    const part = resolve(unresolved)
    if (part.anyOf !== undefined) return choiceFault(at, part, path)
    if (part.properties !== undefined || part.type === 'object') return objectFault(at, part, path)
    if (part.type === 'array') {
      if (!Array.isArray(at)) return { path, message: `expected a list, got ${shown(at)}` }
      return first(at, (item, index) => faultAt(item, part.items ?? {}, [...path, index]))
    }
    return isScalar(at, part)
      ? undefined
      : { path, message: `expected ${expectation(part)}, got ${shown(at)}` }
  }

  const choiceFault = (at: unknown, part: Schema, path: ReadonlyArray<string | number>) => {
    const { choices, telling } = choicesOf(part)
    if (isRecord(at) && telling.size > 0) {
      for (const [name, choice] of telling) if (Object.hasOwn(at, name)) return faultAt(at, choice, path)
      const names = [...telling.keys()].map(quoted).join(', ')
      return { path, message: `lacks the field that says what it is; give one of ${names}` }
    }
    const faults = choices.map((choice) => faultAt(at, choice, path))
    if (faults.includes(undefined)) return undefined
    const sameKind = choices.findIndex(({ type, properties }) =>
      Array.isArray(at) ? type === 'array' : isRecord(at) && (properties !== undefined || type === 'object'),
    )
    if (sameKind >= 0) return faults[sameKind]
    return { path, message: `expected ${choices.map(expectation).join(' or ')}, got ${shown(at)}` }
  }

  const objectFault = (
    at: unknown,
    part: Schema,
    path: ReadonlyArray<string | number>,
  ): SchemaFault | undefined => {
    if (!isRecord(at)) return { path, message: `expected an object, got ${shown(at)}` }
    const { properties = {}, required = [], additionalProperties } = part
    const names = Object.keys(properties)
    const others = typeof additionalProperties === 'object' ? additionalProperties : undefined
    return (
      first(Object.keys(at), (name) => {
        const known = Object.hasOwn(properties, name) ? properties[name] : others
        if (known !== undefined) return faultAt(at[name], known, [...path, name])
        if (additionalProperties !== false) return undefined
        return {
          path: [...path, name],
          message: `is an unknown field; known are ${names.map(quoted).join(', ')}`,
        }
      }) ??
      first(required, (name) =>
        Object.hasOwn(at, name) ? undefined : { path, message: `lacks the field ${quoted(name)}; add it` },
      )
    )
  }

  return faultAt(value, schema, [])
}

/** Required by this choice and by no other one. */
function ownRequired({ required = [] }: Schema, choices: readonly Schema[]): string[] {
  return required.filter((name) => choices.filter((choice) => choice.required?.includes(name)).length === 1)
}

function first<T>(
  items: readonly T[],
  faultOf: (item: T, index: number) => SchemaFault | undefined,
): SchemaFault | undefined {
  for (const [index, item] of items.entries()) {
    const fault = faultOf(item, index)
    if (fault !== undefined) return fault
  }
  return undefined
}

function isScalar(value: unknown, schema: Schema): boolean {
  const { type, minimum = -Infinity, maximum = Infinity, pattern } = schema
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false
  if (schema.const !== undefined && schema.const !== value) return false
  if (type === undefined) return true
  const types = typeof type === 'string' ? [type] : type
  if (!types.some((name) => isOfType(value, name))) return false
  if (typeof value === 'number') return value >= minimum && value <= maximum
  return typeof value !== 'string' || pattern === undefined || new RegExp(pattern, 'u').test(value)
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'number') return Number.isFinite(value)
  return type === typeof value
}

function expectation(schema: Schema): string {
  const { title, type, properties } = schema
  if (title !== undefined) return title
  if (schema.enum !== undefined)
    return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (type === 'boolean') return 'true or false'
  if (type === 'null') return 'null'
  if (type === 'array') return 'a list'
  return type === 'object' || properties !== undefined ? 'an object' : 'text'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function quoted(name: string): string {
  return JSON.stringify(name)
}

const LONGEST_SHOWN = 40

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
}
