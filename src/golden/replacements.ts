// The patterns that rules replace. They have the syntax of RE2, whose time is linear in the text. But it is also linear in the size
// of the pattern: `(a?){1000}` takes a thousand times as long as `a?`. So a pattern has a largest size, and the time that patterns
// take in all is bounded too.
import { RE2JS } from 're2js'
import { InputError } from '../base/input-error.ts'
import { Effort } from './effort.ts'
import type { Replacement } from './golden.ts'

/** Characters of a pattern, and of its stand-in. A person writes a rule. */
const LONGEST = 1000
/** Instructions of RE2 that a pattern is made of. */
const LARGEST_PROGRAM = 1000
/** Whether there is a match is known fast, but for a pattern of more instructions. */
const SMALL_PROGRAM = 100
/** A step is an instruction for a character: 50 ns at most. Any texts may take so many, and so many more for each character. */
const STEPS = 100_000_000
const STEPS_PER_CHARACTER = 64

/** What the replacements in the texts of a golden may cost. */
export interface ReplacementWork {
  readonly effort: Effort
  /** Characters by which the texts may grow. */
  readonly growth: Effort
}

/** Replacements that are ready to be applied. */
export class Replacements {
  readonly #replacements: readonly CompiledReplacement[]

  /** Throws InputError for a pattern that makes no sense or is too large. `place`: where the rule is written. */
  constructor(replacements: readonly { readonly rule: Replacement; readonly place: string }[]) {
    this.#replacements = replacements.map(({ rule, place }) => new CompiledReplacement(rule, place))
  }

  /** True if there are none. */
  get isEmpty(): boolean {
    return this.#replacements.length === 0
  }

  /** What the texts of one golden may cost. `growth`: characters. */
  workWith(growth: number): ReplacementWork {
    return { effort: new Effort(STEPS), growth: new Effort(growth) }
  }

  /** A text with its replacements. Throws InputError if they take too long, or if the texts grow too much. */
  apply(text: string, work: ReplacementWork): string {
    work.effort.grant(STEPS_PER_CHARACTER * text.length)
    let changed = text
    for (const replacement of this.#replacements) changed = replacement.apply(changed, work)
    return changed
  }
}

class CompiledReplacement {
  readonly #pattern: RE2JS
  readonly #standIn: string
  readonly #place: string

  constructor({ pattern, with: standIn }: Replacement, place: string) {
    this.#standIn = standIn
    this.#place = place
    if (pattern.length > LONGEST) this.#fail(`the pattern is longer than ${LONGEST} characters`)
    if (standIn.length > LONGEST) this.#fail(`the stand-in is longer than ${LONGEST} characters`)
    try {
      this.#pattern = RE2JS.compile(pattern)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#fail(`${JSON.stringify(pattern)} is not a regular expression in the syntax of RE2 (${reason})`)
    }
    if (this.#pattern.programSize() > LARGEST_PROGRAM)
      this.#fail(
        `the pattern is too large, because each repetition of {n} counts n times; use * or smaller numbers`,
      )
    if (this.apply(standIn, { effort: new Effort(STEPS), growth: new Effort(STEPS) }) !== standIn)
      this.#fail(
        `the pattern matches its own stand-in ${JSON.stringify(standIn)}, which would change with every update; choose one that it does not match`,
      )
  }

  /** The replacement as it is: its `$` and `\` mean themselves. */
  apply(text: string, { effort, growth }: ReplacementWork): string {
    const steps = this.#pattern.programSize() * text.length
    if (this.#pattern.programSize() > SMALL_PROGRAM) this.#spend(steps, effort)
    if (!this.#pattern.test(text)) return text
    this.#spend(steps, effort)
    return this.#pattern.matcher(text).replaceAll(() => {
      if (!growth.spend(this.#standIn.length))
        this.#fail('the pattern makes the messages too long; choose a shorter stand-in')
      return this.#standIn
    })
  }

  #spend(steps: number, effort: Effort): void {
    if (!effort.spend(steps))
      this.#fail('the patterns take too long for these messages; make them smaller, or have fewer')
  }

  #fail(message: string): never {
    throw new InputError(`${this.#place}: ${message}`)
  }
}
