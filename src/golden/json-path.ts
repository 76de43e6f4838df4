// JSONPath (RFC 9535): json-p3 reads a path, and this finds the values that it selects. A path may be made to meet the same values
// over and over (`$[*,*][*,*]`, `$..*..*`). So each segment visits a value once, and each visit is a step of an effort. In a filter,
// values count as often as they are met, and only the effort ends it.
import { JSONPathEnvironment, type JSONPathQuery, jsonpath, TokenKind } from 'json-p3'
import type { Effort } from './effort.ts'
import { DEEPEST_JSON, type Key, type Selection } from './json-text.ts'

const { IndexSelector, NameSelector, SliceSelector, WildcardSelector, FilterSelector } = jsonpath.selectors
const {
  BooleanLiteral,
  FunctionExtension,
  InfixExpression,
  LogicalExpression,
  NullLiteral,
  NumberLiteral,
  PrefixExpression,
  RelativeQuery,
  RootQuery,
  StringLiteral,
} = jsonpath.expressions
type Selector = jsonpath.JSONPathSelector
type Segment = jsonpath.JSONPathSegment
type Expression = InstanceType<typeof LogicalExpression>['expression']

/** A path that can be applied to any number of values. */
export class JsonPath {
  /** As it was written. */
  readonly text: string
  readonly #query: JSONPathQuery

  /** Throws JSONPathError for what is not a path. */
  constructor(text: string) {
    this.text = text
    this.#query = environment.compile(text)
  }

  /** Adds what the path selects in `root`. False if the effort does not last: then only some of it is added. */
  select(root: object, selection: Selection, effort: Effort): boolean {
    try {
      new Search(root, effort).select(this.#query.segments, selection)
      return true
    } catch (error) {
      if (error instanceof NoStepLeft) return false
      throw error
    }
  }
}

/** Without regular expressions of unbounded time. */
const environment = new JSONPathEnvironment({ maxRecursionDepth: DEEPEST_JSON + 10 })
environment.functionRegister.delete('match')
environment.functionRegister.delete('search')

/** Ends a search from any depth. */
class NoStepLeft extends Error {}

/** What a query without a result is compared as (RFC 9535 §2.3.5.2.2). */
const NOTHING = Symbol('nothing')

/** Strings are compared so many characters in a step. */
const CHARACTERS_PER_STEP = 64

/** Takes a value that was found. True: no more are needed. */
type Found = (value: unknown, container: object, key: Key) => boolean

/** One search in one value. */
class Search {
  readonly #root: object
  readonly #effort: Effort

  constructor(root: object, effort: Effort) {
    this.#root = root
    this.#effort = effort
  }

  /** A value is selected once, however often it is met. */
  select(segments: readonly Segment[], selection: Selection): void {
    let containers = new Set<object>([this.#root])
    if (segments.length === 0) selection.isWhole = true
    for (const [i, segment] of segments.entries()) {
      const next = new Set<object>()
      const found: Found =
        i === segments.length - 1
          ? (_, container, key) => {
              selection.add(container, key)
              return false
            }
          : (value) => {
              if (isContainer(value)) next.add(value)
              return false
            }
      for (const container of isDescendant(segment) ? this.#withDescendants(containers) : containers)
        this.#children(container, segment.selectors, found)
      containers = next
    }
  }

  #withDescendants(containers: ReadonlySet<object>): Set<object> {
    const all = new Set<object>()
    const add = (container: object): void => {
      if (all.has(container)) return
      all.add(container)
      this.#everyChild(container, (value) => {
        if (isContainer(value)) add(value)
        return false
      })
    }
    for (const container of containers) add(container)
    return all
  }

  /** True if `found` needs no more. */
  #children(value: unknown, selectors: readonly Selector[], found: Found): boolean {
    return isContainer(value) && selectors.some((selector) => this.#selected(value, selector, found))
  }

  #selected(container: object, selector: Selector, found: Found): boolean {
    this.#step()
    if (selector instanceof NameSelector) {
      const { name } = selector
      return (
        !isList(container) && Object.hasOwn(container, name) && found(own(container, name), container, name)
      )
    }
    if (selector instanceof WildcardSelector) return this.#everyChild(container, found)
    if (selector instanceof FilterSelector)
      return this.#everyChild(
        container,
        (value, _, key) => this.#isTrue(selector.expression, value) && found(value, container, key),
      )
    if (!isList(container)) return false
    if (selector instanceof IndexSelector) {
      const at = selector.index < 0 ? container.length + selector.index : selector.index
      return at >= 0 && at < container.length && found(container[at], container, at)
    }
    return selector instanceof SliceSelector && this.#slice(container, selector, found)
  }

  #everyChild(container: object, found: Found): boolean {
    if (isList(container))
      return container.some((value, i) => {
        this.#step()
        return found(value, container, i)
      })
    return Object.keys(container).some((name) => {
      this.#step()
      return found(own(container, name), container, name)
    })
  }

  /** RFC 9535 §2.3.4.2.2. */
  #slice(
    list: readonly unknown[],
    { start, stop, step = 1 }: InstanceType<typeof SliceSelector>,
    found: Found,
  ): boolean {
    const { length } = list
    const normal = (index: number): number => (index >= 0 ? index : length + index)
    const within = (index: number, low: number, high: number): number => Math.min(Math.max(index, low), high)
    if (step > 0) {
      const end = within(normal(stop ?? length), 0, length)
      for (let i = within(normal(start ?? 0), 0, length); i < end; i += step) {
        this.#step()
        if (found(list[i], list, i)) return true
      }
    } else if (step < 0) {
      const end = within(normal(stop ?? -length - 1), -1, length - 1)
      for (let i = within(normal(start ?? length - 1), -1, length - 1); i > end; i += step) {
        this.#step()
        if (found(list[i], list, i)) return true
      }
    }
    return false
  }

  /** The values that a query in a filter meets, one by one, each as often as it is met. True if `found` needs no more. */
  #meet(
    segments: readonly Segment[],
    at: number,
    value: unknown,
    found: (value: unknown) => boolean,
  ): boolean {
    const segment = segments[at]
    if (segment === undefined) return found(value)
    const next = (child: unknown): boolean => this.#meet(segments, at + 1, child, found)
    if (this.#children(value, segment.selectors, next)) return true
    return (
      isDescendant(segment) &&
      isContainer(value) &&
      this.#everyChild(value, (child) => this.#meet(segments, at, child, found))
    )
  }

  /** The values that a query meets, if there is one, or NOTHING: if there are more too. */
  #onlyOne(query: Expression, current: unknown): unknown {
    let only: unknown = NOTHING
    const isMore = this.#query(query, current, (value) => {
      if (only !== NOTHING) return true
      only = value
      return false
    })
    return isMore ? NOTHING : only
  }

  #query(query: Expression, current: unknown, found: (value: unknown) => boolean): boolean {
    if (query instanceof RootQuery) return this.#meet(query.path.segments, 0, this.#root, found)
    return query instanceof RelativeQuery && this.#meet(query.path.segments, 0, current, found)
  }

  #isTrue(expression: Expression, current: unknown): boolean {
    this.#step()
    if (expression instanceof LogicalExpression) return this.#isTrue(expression.expression, current)
    if (expression instanceof PrefixExpression) return !this.#isTrue(expression.right, current)
    if (isQuery(expression)) return this.#query(expression, current, () => true)
    if (expression instanceof InfixExpression) {
      const { left, operator, right } = expression
      if (operator === '&&') return this.#isTrue(left, current) && this.#isTrue(right, current)
      if (operator === '||') return this.#isTrue(left, current) || this.#isTrue(right, current)
      return this.#compare(this.#value(left, current), operator, this.#value(right, current))
    }
    return this.#value(expression, current) !== false
  }

  #value(expression: Expression, current: unknown): unknown {
    if (isQuery(expression)) return this.#onlyOne(expression, current)
    if (expression instanceof NullLiteral) return null
    if (
      expression instanceof StringLiteral ||
      expression instanceof NumberLiteral ||
      expression instanceof BooleanLiteral
    )
      return expression.value
    if (expression instanceof FunctionExtension)
      return this.#result(expression.name, expression.args[0]!, current)
    return this.#isTrue(expression, current)
  }

  /** RFC 9535 §2.4.4 to §2.4.8. */
  #result(name: string, argument: Expression, current: unknown): unknown {
    if (name === 'count') {
      let count = 0
      this.#query(argument, current, () => {
        count += 1
        return false
      })
      return count
    }
    const value = this.#value(argument, current)
    if (name === 'value') return value
    if (typeof value === 'string' || isList(value)) return value.length
    return isContainer(value) ? Object.keys(value).length : NOTHING
  }

  #compare(left: unknown, operator: string, right: unknown): boolean {
    switch (operator) {
      case '==':
        return this.#equal(left, right)
      case '!=':
        return !this.#equal(left, right)
      case '<':
        return this.#less(left, right)
      case '>':
        return this.#less(right, left)
      case '<=':
        return this.#less(left, right) || this.#equal(left, right)
      default:
        return this.#less(right, left) || this.#equal(left, right)
    }
  }

  #less(left: unknown, right: unknown): boolean {
    if (typeof left === 'number' && typeof right === 'number') return left < right
    if (typeof left !== 'string' || typeof right !== 'string') return false
    this.#step(Math.min(left.length, right.length) / CHARACTERS_PER_STEP)
    return left < right
  }

  #equal(left: unknown, right: unknown): boolean {
    this.#step()
    if (typeof left === 'string' && typeof right === 'string') {
      if (left.length !== right.length) return false
      this.#step(left.length / CHARACTERS_PER_STEP)
    }
    if (left === right) return true
    if (isList(left) && isList(right))
      return left.length === right.length && left.every((item, i) => this.#equal(item, right[i]))
    if (!isContainer(left) || !isContainer(right) || isList(left) || isList(right)) return false
    const names = Object.keys(left)
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => Object.hasOwn(right, name) && this.#equal(own(left, name), own(right, name)))
    )
  }

  #step(steps = 1): void {
    if (!this.#effort.spend(steps)) throw new NoStepLeft()
  }
}

function isDescendant(segment: Segment): boolean {
  return segment.token.kind === TokenKind.DDOT
}

function isQuery(expression: Expression): boolean {
  return expression instanceof RelativeQuery || expression instanceof RootQuery
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function own(container: object, name: string): unknown {
  return (container as Record<string, unknown>)[name]
}
