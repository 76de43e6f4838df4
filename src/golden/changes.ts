// Two JSON values in, their differences out, each under its JSONPath.
import type { Change } from './difference.ts'
import { Effort } from './effort.ts'

/** A person reads the first ones, and a large value may have millions. */
const MOST_CHANGES = 1000
/** Characters of all their paths: a path is as long as its value is deep. */
const LONGEST_PATHS = 100_000
/** Characters of a name that are shown in a path. */
const LONGEST_NAME = 200
/** Values that may be looked at to find what lists lost or won. */
const STEPS = 4_000_000

/** What changed in one thing. */
export class Changes {
  readonly #listed: Change[] = []
  #further = 0
  #paths = 0
  readonly #effort = new Effort(STEPS)

  /** The first changes. */
  get listed(): readonly Change[] {
    return this.#listed
  }

  /** How many more there are. */
  get further(): number {
    return this.#further
  }

  /** True if there are none. */
  get isEmpty(): boolean {
    return this.#listed.length === 0
  }

  /** Adds a change. */
  add(path: string, expected: unknown, actual: unknown): this {
    if (this.#listed.length < MOST_CHANGES && this.#paths < LONGEST_PATHS) {
      this.#listed.push({ path, expected, actual })
      this.#paths += path.length
    } else this.#further += 1
    return this
  }

  /** Adds the changes from `expected` to `actual`, which are both at `path`. */
  addValues(expected: unknown, actual: unknown, path: string): this {
    if (isList(expected) && isList(actual)) this.#addLists(expected, actual, path)
    else if (isObject(expected) && isObject(actual))
      this.addMembers(expected, actual, (name) => path + step(name))
    else if (expected !== actual) this.add(path, expected, actual)
    return this
  }

  /** Adds the changes of members of two objects. A member is named by itself, unless `pathOf` makes its path. */
  addMembers(expected: object, actual: object, pathOf = (name: string): string => name): this {
    for (const name of Object.keys(expected))
      this.#addEither(own(expected, name), own(actual, name), pathOf(name))
    for (const name of Object.keys(actual))
      if (!Object.hasOwn(expected, name)) this.#addEither(undefined, own(actual, name), pathOf(name))
    return this
  }

  /** What only one side has is a change as a whole. */
  #addEither(expected: unknown, actual: unknown, path: string): void {
    if (expected !== undefined && actual !== undefined) this.addValues(expected, actual, path)
    else if (expected !== actual) this.add(path, expected, actual)
  }

  /** The equal items at the start and at the end are skipped. The items between them are compared one by one. */
  #addLists(expected: readonly unknown[], actual: readonly unknown[], path: string): void {
    const shorter = Math.min(expected.length, actual.length)
    let start = 0
    let tail = 0
    if (expected.length !== actual.length) {
      while (start < shorter && this.#same(expected[start], actual[start])) start += 1
      while (tail < shorter - start && this.#same(expected.at(-1 - tail), actual.at(-1 - tail))) tail += 1
    }
    for (let i = start; i < Math.max(expected.length, actual.length) - tail; i++) {
      const left = i < expected.length - tail ? expected[i] : undefined
      const right = i < actual.length - tail ? actual[i] : undefined
      this.#addEither(left, right, `${path}[${i}]`)
    }
  }

  /** Whether two values are equal. False after too many values. */
  #same(a: unknown, b: unknown): boolean {
    if (!this.#effort.spend(1)) return false
    if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => this.#same(item, b[i]))
    if (!isObject(a) || !isObject(b)) return a === b
    const names = Object.keys(a)
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && this.#same(own(a, name), own(b, name)))
    )
  }
}

function step(name: string): string {
  if (name.length > LONGEST_NAME) return `[${JSON.stringify(`${name.slice(0, LONGEST_NAME)}…`)}]`
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isList(value)
}
