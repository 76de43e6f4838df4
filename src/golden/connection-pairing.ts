// Which connections of two captures belong together. It is chance which of two connections came first. In: what each connection is
// about and says. Out: pairs. The time is linear in what is said, however many connections there are: an index leads from each
// message, and from each rare word, to the connections that say it, and the rare ones are followed first.
import { type Pair, positionsByKey } from './align.ts'

/** What is known of a connection for its pairing. */
export interface PairingFacts {
  /** The same for connections that are equal in everything that is compared. */
  readonly key: string
  /** Numbers of what the connection is about: its target, then its messages. Equal ones have equal numbers. */
  readonly tokens: () => Iterable<number>
  /** Numbers of the words in its messages, below 2 ** 32: what a changed message still says. Equal words of one target are equal. */
  readonly words: () => Iterable<number>
}

/** Two connections that belong together. */
export interface ConnectionPair {
  readonly pair: Pair
  /** True if they are equal in everything that is compared. */
  readonly isEqual: boolean
  /** False if there were too many connections that say the same to find out: they are paired in order. */
  readonly isFound: boolean
}

/** A message that is equal says more than a word in it. */
const TOKEN_WEIGHT = 16
/** The rarest words of a connection that are followed. And of all connections: each takes memory. */
const MOST_WORDS = 24
const MOST_WORDS_OF_ALL = 400_000
/** Counters of words. Words that share one look less rare than they are. */
const COUNTERS = 2 ** 20
/** How often two connections that say the same are looked at: any number of connections, and for each token more. */
const MEETINGS = 200_000
const MEETINGS_PER_TOKEN = 4
/** Pairs that may be candidates at a time. */
const MOST_CANDIDATES = 400_000
/** Connections of both sides that are searched for partners. More of them are paired in order, by their targets. */
const MOST_OPEN = 60_000
/** After a round, what is left has other rare tokens. */
const ROUNDS = 4
/** The weight of a token that one connection of each side has. Whole numbers add up to the same in any order. */
const WEIGHT = 2 ** 24

/**
 * Pairs of connections. Equal ones belong together wherever they are. Of the others, those that share the rarest messages, targets
 * and words do; among equals, the first belongs to the first. Connections that share neither target nor message are not paired.
 */
export function connectionPairs(
  expected: readonly PairingFacts[],
  actual: readonly PairingFacts[],
): ConnectionPair[] {
  const pairs: ConnectionPair[] = []
  let open = withoutEqual(expected, actual, pairs)
  let hasFoundAll = open.left.length + open.right.length <= MOST_OPEN
  const rounds = hasFoundAll ? ROUNDS : 0
  for (let round = 0; round < rounds && open.left.length > 0 && open.right.length > 0; round++) {
    const before = pairs.length
    const index = indexOf(expected, actual, open, 'tokens and words')
    hasFoundAll = takeMostAlike(index, open, pairs)
    if (pairs.length === before) break
    open = without(open, pairs.slice(before))
  }
  takeInOrder(indexOf(expected, actual, open, rounds > 0 ? 'tokens' : 'targets'), open, pairs, hasFoundAll)
  return pairs.sort((a, b) => a.pair[0] - b.pair[0])
}

/** Connections without a partner, by their position. */
interface Open {
  readonly left: readonly number[]
  readonly right: readonly number[]
}

function withoutEqual(
  expected: readonly PairingFacts[],
  actual: readonly PairingFacts[],
  pairs: ConnectionPair[],
): Open {
  const waiting = positionsByKey(actual.map(({ key }) => key))
  const left: number[] = []
  expected.forEach(({ key }, i) => {
    const equal = waiting.get(key)?.pop()
    if (equal === undefined) left.push(i)
    else pairs.push({ pair: [i, equal], isEqual: true, isFound: true })
  })
  return { left, right: [...waiting.values()].flat().sort((a, b) => a - b) }
}

function without({ left, right }: Open, pairs: readonly ConnectionPair[]): Open {
  const taken = {
    left: new Set(pairs.map(({ pair }) => pair[0])),
    right: new Set(pairs.map(({ pair }) => pair[1])),
  }
  return { left: left.filter((i) => !taken.left.has(i)), right: right.filter((j) => !taken.right.has(j)) }
}

/** The tokens that both sides have, the rarest first, each with the connections that have it: their places among the open ones. */
interface Token {
  readonly weight: number
  readonly left: readonly number[]
  readonly right: readonly number[]
}

function indexOf(
  expected: readonly PairingFacts[],
  actual: readonly PairingFacts[],
  open: Open,
  what: 'tokens and words' | 'tokens' | 'targets',
): Token[] {
  const owners = new Map<number, { weight: number; left: number[]; right: number[] }>()
  const add = (token: number, side: 'left' | 'right', place: number, weight: number): void => {
    const known = owners.get(token)
    // A list of one takes less memory than one that has grown, and most have one.
    if (known === undefined) {
      if (side === 'left') owners.set(token, { weight, left: [place], right: NONE })
    } else if (known[side].length === 0) known[side] = [place]
    else if (known[side].at(-1) !== place) known[side].push(place)
  }
  const sides = {
    left: open.left.map((position) => expected[position]!),
    right: open.right.map((position) => actual[position]!),
  }
  const rarity = what === 'tokens and words' ? new WordRarity(sides.left, sides.right) : undefined
  // What only one side has leads nowhere.
  const shared = sharedTokens(sides.left, sides.right)
  for (const side of ['left', 'right'] as const) {
    sides[side].forEach((facts, place) => {
      for (const token of facts.tokens()) {
        if (shared(token)) add(token, side, place, TOKEN_WEIGHT)
        if (what === 'targets') break
      }
      for (const word of rarity?.rarestOf(facts) ?? []) add(-1 - word, side, place, 1)
    })
  }
  return [...owners.values()]
    .filter(({ right }) => right.length > 0)
    .sort((a, b) => a.left.length * a.right.length - b.left.length * b.right.length)
}

const NONE: number[] = []

/** Whether both sides have a token: a byte for each. */
function sharedTokens(
  left: readonly PairingFacts[],
  right: readonly PairingFacts[],
): (token: number) => boolean {
  let highest = 0
  for (const { tokens } of left) for (const token of tokens()) if (token > highest) highest = token
  const known = new Uint8Array(highest + 1)
  for (const { tokens } of left) for (const token of tokens()) known[token] = 1
  for (const { tokens } of right) for (const token of tokens()) if (known[token] === 1) known[token] = 2
  return (token) => known[token] === 2
}

/** How many connections of each side say a word: a table of one size, however many words there are. */
class WordRarity {
  readonly #left: Uint8Array
  readonly #right: Uint8Array
  readonly #most: number

  constructor(left: readonly PairingFacts[], right: readonly PairingFacts[]) {
    this.#left = countedWords(left)
    this.#right = countedWords(right)
    const each = Math.floor(MOST_WORDS_OF_ALL / (left.length + right.length))
    this.#most = Math.max(1, Math.min(MOST_WORDS, each))
  }

  /** The rarest words of a connection that both sides say. */
  rarestOf({ words }: PairingFacts): number[] {
    const rarest: { readonly word: number; readonly meetings: number }[] = []
    let most = Number.POSITIVE_INFINITY
    for (const word of new Set(words())) {
      const meetings = this.#left[word % COUNTERS]! * this.#right[word % COUNTERS]!
      if (meetings === 0 || meetings >= most) continue
      rarest.push({ word, meetings })
      if (rarest.length < 2 * this.#most) continue
      rarest.sort((a, b) => a.meetings - b.meetings).length = this.#most
      most = rarest.at(-1)!.meetings
    }
    return rarest
      .sort((a, b) => a.meetings - b.meetings)
      .slice(0, this.#most)
      .map(({ word }) => word)
  }
}

/** Up to 255. */
function countedWords(connections: readonly PairingFacts[]): Uint8Array {
  const counts = new Uint8Array(COUNTERS)
  for (const { words } of connections) {
    for (const word of new Set(words())) {
      const at = word % COUNTERS
      if (counts[at]! < 255) counts[at]! += 1
    }
  }
  return counts
}

/** True if all tokens were followed. */
function takeMostAlike(index: readonly Token[], open: Open, pairs: ConnectionPair[]): boolean {
  const { scores, isWhole } = candidates(index, open)
  const keys = Float64Array.from(scores.keys())
  const weights = Float64Array.from(scores.values())
  const order = Uint32Array.from(keys.keys()).sort((a, b) => weights[b]! - weights[a]! || keys[a]! - keys[b]!)
  const taken = { left: new Set<number>(), right: new Set<number>() }
  for (const at of order) {
    const i = Math.floor(keys[at]! / open.right.length)
    const j = keys[at]! % open.right.length
    if (taken.left.has(i) || taken.right.has(j)) continue
    taken.left.add(i)
    taken.right.add(j)
    pairs.push({ pair: [open.left[i]!, open.right[j]!], isEqual: false, isFound: true })
  }
  return isWhole
}

/** How much two connections have in common, for each two that share a rare token. */
function candidates(
  index: readonly Token[],
  open: Open,
): { readonly scores: ReadonlyMap<number, number>; readonly isWhole: boolean } {
  const scores = new Map<number, number>()
  let meetings =
    MEETINGS +
    index.reduce((sum, { left, right }) => sum + left.length + right.length, 0) * MEETINGS_PER_TOKEN
  for (const { weight, left, right } of index) {
    meetings -= left.length * right.length
    if (meetings < 0 || scores.size > MOST_CANDIDATES) return { scores, isWhole: false }
    const each = Math.floor((WEIGHT * weight) / (left.length * right.length))
    for (const i of left) {
      for (const j of right) {
        const key = i * open.right.length + j
        scores.set(key, (scores.get(key) ?? 0) + each)
      }
    }
  }
  return { scores, isWhole: true }
}

/** The rest shares only what many share. */
function takeInOrder(index: readonly Token[], open: Open, pairs: ConnectionPair[], isFound: boolean): void {
  const taken = { left: new Set<number>(), right: new Set<number>() }
  for (const token of index) {
    const left = token.left.filter((i) => !taken.left.has(i))
    const right = token.right.filter((j) => !taken.right.has(j))
    left.slice(0, right.length).forEach((i, at) => {
      const j = right[at]!
      taken.left.add(i)
      taken.right.add(j)
      pairs.push({ pair: [open.left[i]!, open.right[j]!], isEqual: false, isFound })
    })
  }
}
