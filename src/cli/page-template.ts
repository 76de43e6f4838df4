// The built page that report and lesson fill with data: dist/page.html, beside the bundled command line.
import { readFile } from 'node:fs/promises'
import { InputError } from '../base/input-error.ts'

/** Where it is, seen from dist/cli/, and from src/cli/ if the sources run as they are. */
const PLACES = ['../page.html', '../../dist/page.html']

/** The template of the page. Throws InputError if it was not built. */
export async function readPageTemplate(): Promise<string> {
  for (const place of PLACES) {
    try {
      return await readFile(new URL(place, import.meta.url), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  throw new InputError("dist/page.html: the page's template is missing; npm run build makes it")
}
