// What some tests need of the machine. Where it is missing they are skipped and say so; with FRAMEWALK_REQUIRE_TOOLS=1 they fail.

/** True where tests that need `what` must be skipped. Throws where skipping is not allowed. */
export function skipWithout(what: string, present: boolean): boolean {
  if (present) return false
  const word = `${what} is not installed`
  if (process.env.FRAMEWALK_REQUIRE_TOOLS === '1') throw new Error(word)
  console.log(`skipped: ${word}`)
  return true
}
