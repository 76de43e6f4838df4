/** What the user can mend about an input: one line with the file, the position where there is one, and the cure. Shown without a stack trace, exit 2. */
export class InputError extends Error {
  override readonly name = 'InputError'
}
