// The built page that report and lesson fill with data: dist/page.html, beside the bundled command line.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { InputError } from '../base/input-error.ts'
import { readingFault } from '../platform/node/machine-faults.ts'

/** Where it is, seen from dist/cli/, and from src/cli/ if the sources run as they are. */
export const PAGE_TEMPLATES: readonly string[] = ['../page.html', '../../dist/page.html'].map((place) =>
  fileURLToPath(new URL(place, import.meta.url)),
)

/** The template of the page. Throws InputError if it was not built, or cannot be read. */
export async function readPageTemplate(): Promise<string> {
  for (const path of PAGE_TEMPLATES) {
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw readingFault(path, error)
    }
  }
  throw new InputError("dist/page.html: the page's template is missing; npm run build makes it")
}
