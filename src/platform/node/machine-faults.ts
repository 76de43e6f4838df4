// What the machine refuses, in words: the code of an error (errno, or Node's own) in, a sentence with the cure out. The texts of
// Node and of the system are never shown.
import { InputError } from '../../base/input-error.ts'

interface Refusal {
  readonly reading: string
  readonly writing: string
}

const both = (sentence: string): Refusal => ({ reading: sentence, writing: sentence })

const MISSING = {
  reading: 'no such file; check the path',
  writing: 'no such folder; make it',
}
const FORBIDDEN = {
  reading: 'permission denied; make the file readable for you',
  writing: 'permission denied; make the file and its folder writable for you',
}
const NO_PLACE_ON_DISK = both('the disk is full; make room on it')
const GONE = both('its disk, or the machine that has it, is gone; connect it again')

const REFUSALS: Readonly<Record<string, Refusal>> = {
  ENOENT: MISSING,
  ENOTDIR: { reading: MISSING.reading, writing: 'a part of the path is not a folder; check the path' },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EISDIR: {
    reading: 'is a directory; name the capture files in it',
    writing: 'is a directory; move it away',
  },
  EMFILE: both('too many files are open; name fewer at a time, or raise the limit with ulimit -n'),
  ENFILE: both('too many files are open on this machine; name fewer at a time'),
  ENAMETOOLONG: both('the name is too long; check the path'),
  ELOOP: both('symbolic links lead in a circle; check the path'),
  ENXIO: {
    reading: 'cannot be opened as a file; name a capture file',
    writing: 'cannot be opened to be written; check the path',
  },
  ENODEV: both('there is no such device; check the path'),
  EBADF: {
    reading: 'is not open to be read; check how it is redirected',
    writing: 'is not open to be written; check how it is redirected',
  },
  ENOSPC: NO_PLACE_ON_DISK,
  EDQUOT: both('your share of the disk is used up; make room on it'),
  EFBIG: both('is larger than its disk, or your limit (ulimit -f), allows; make the limit larger'),
  EROFS: both('its disk is read-only; make it writable'),
  EBUSY: both('is in use by the machine; try again later'),
  ETXTBSY: both('is a program that runs; try again later'),
  EIO: both('its disk or device has a fault; check it'),
  EPIPE: both('nobody reads it any more; keep its reader open'),
  ESTALE: GONE,
  ENOTCONN: GONE,
  ETIMEDOUT: GONE,
  EHOSTDOWN: GONE,
  ENOMEM: both('the machine has no memory left; end other programs'),
  ERR_INVALID_ARG_VALUE: both('is not a name that a file can have; check the path'),
  ERR_WORKER_OUT_OF_MEMORY: both('the threads have no memory left; name a smaller number with --jobs'),
}

const UNKNOWN: Refusal = {
  reading: 'cannot be read; check the file and its disk',
  writing: 'cannot be written; check the file and its disk',
}

/** True for an error of the machine that has a sentence of its own. */
export function isMachineFault(error: unknown): error is NodeJS.ErrnoException {
  return codeOf(error) in REFUSALS
}

/** Why `name` could not be read, as an error for the user. */
export function readingFault(name: string, error: unknown): InputError {
  return new InputError(`${name}: ${refusalOf(error).reading}`, { cause: error })
}

/** Why `name` could not be written, as an error for the user. `elsewhere` is what also helps: `name another file with -o`. */
export function writingFault(name: string, error: unknown, elsewhere?: string): InputError {
  const cure = elsewhere === undefined ? '' : `, or ${elsewhere}`
  return new InputError(`${name}: ${refusalOf(error).writing}${cure}`, { cause: error })
}

function refusalOf(error: unknown): Refusal {
  return REFUSALS[codeOf(error)] ?? UNKNOWN
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null | undefined)?.code)
}
