/**
 * A fault of an input that the user can fix. The message is one line: the file, the position if there is one, and the cure. The
 * command line shows it without a stack trace and exits with status 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError'
}
