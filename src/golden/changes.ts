// Two JSON values in, their differences out, each under its JSONPath.
import type { Change } from './difference.ts'

/** The changes from `expected` to `actual`, which are both at `path`. */
export function valueChanges(expected: unknown, actual: unknown, path: string): Change[] {
  if (isList(expected) && isList(actual)) return listChanges(expected, actual, path)
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)])
    return [...names].flatMap((name) =>
      memberChanges(own(expected, name), own(actual, name), path + step(name)),
    )
  }
  return Object.is(expected, actual) || same(expected, actual) ? [] : [{ path, expected, actual }]
}

/** A member that only one side has is a change as a whole. */
function memberChanges(expected: unknown, actual: unknown, path: string): Change[] {
  if (expected === undefined || actual === undefined)
    return expected === actual ? [] : [{ path, expected, actual }]
  return valueChanges(expected, actual, path)
}

/** The equal items at the start and at the end are skipped. The items between them are compared one by one. */
function listChanges(expected: readonly unknown[], actual: readonly unknown[], path: string): Change[] {
  if (expected.length === actual.length)
    return expected.flatMap((item, i) => valueChanges(item, actual[i], `${path}[${i}]`))
  const shorter = Math.min(expected.length, actual.length)
  let start = 0
  while (start < shorter && same(expected[start], actual[start])) start += 1
  let tail = 0
  while (tail < shorter - start && same(expected.at(-1 - tail), actual.at(-1 - tail))) tail += 1
  const changes: Change[] = []
  for (let i = start; i < Math.max(expected.length, actual.length) - tail; i++) {
    const left = i < expected.length - tail ? expected[i] : undefined
    const right = i < actual.length - tail ? actual[i] : undefined
    changes.push(...memberChanges(left, right, `${path}[${i}]`))
  }
  return changes
}

function step(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isList(value)
}
