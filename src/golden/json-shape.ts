// A JSON value with its place. The reader of a hand-written file says which shape it expects, and the first value of another
// shape is named.

/** A value that is not as expected, with its place: `rules.ignore[2]`, or '' for the whole file. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly path: string

  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

/** A value at its place. Each method throws ShapeError if the value is something else. */
export class JsonShape {
  readonly value: unknown
  readonly path: string

  constructor(value: unknown, path: string) {
    this.value = value
    this.path = path
  }

  get isNull(): boolean {
    return this.value === null
  }

  get isString(): boolean {
    return typeof this.value === 'string'
  }

  get isList(): boolean {
    return Array.isArray(this.value)
  }

  fail(message: string): never {
    throw new ShapeError(this.path, message)
  }

  object(): this {
    if (typeof this.value !== 'object' || this.value === null || this.isList) this.#expected('an object { }')
    return this
  }

  /** Fails if the object has other members than these. */
  only(...names: readonly string[]): this {
    for (const [name, member] of this.members()) {
      if (!names.includes(name)) member.fail(`is unknown; there are ${names.join(', ')}`)
    }
    return this
  }

  has(name: string): boolean {
    return Object.hasOwn(this.value as object, name)
  }

  member(name: string): JsonShape {
    const path = this.path === '' ? name : `${this.path}.${name}`
    if (!this.has(name)) throw new ShapeError(path, 'is missing; add it')
    return new JsonShape((this.value as Record<string, unknown>)[name], path)
  }

  members(): [name: string, member: JsonShape][] {
    return Object.keys(this.object().value as object).map((name) => [name, this.member(name)])
  }

  list(): JsonShape[] {
    if (!Array.isArray(this.value)) this.#expected('a list [ ]')
    return (this.value as unknown[]).map((item, i) => new JsonShape(item, `${this.path}[${i}]`))
  }

  string(): string {
    return typeof this.value === 'string' ? this.value : this.#expected('a string')
  }

  number(): number {
    return typeof this.value === 'number' ? this.value : this.#expected('a number')
  }

  /** A whole number, 0 or more. */
  count(): number {
    return Number.isSafeInteger(this.value) && this.number() >= 0
      ? this.number()
      : this.#expected('a whole number')
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.#expected('true or false')
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.value)
    return found ?? this.#expected(`one of ${choices.join(', ')}`)
  }

  #expected(what: string): never {
    const got = JSON.stringify(this.value) ?? 'nothing'
    this.fail(`expected ${what}, got ${got.length > 60 ? `${got.slice(0, 60)}…` : got}`)
  }
}
