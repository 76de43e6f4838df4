// The documents of the project, and what the tests need to know of their Markdown: links, headings, blocks that show commands.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../../..')

/** Every README, as a path from the top. */
export const READMES: readonly string[] = [
  'README.md',
  ...['src', 'test'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => basename(path) === 'README.md')
      .map((path) => join(folder, path))
      .sort(),
  ),
  'fixtures/README.md',
]

/** Every document whose links are followed. */
export const DOCUMENTS: readonly string[] = [...READMES, 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md']

/** The text of a document. */
export function textOf(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8')
}

/** A link to another place of the project. */
export interface Link {
  /** As it is written: `../cli/README.md#options`. */
  readonly written: string
  /** The file or folder, as a path from the top. */
  readonly path: string
  /** The heading, as an address spells it; undefined without one. */
  readonly anchor: string | undefined
}

/** The relative links and pictures of a document. */
export function linksOf(document: string): Link[] {
  const prose = textOf(document).replaceAll(/```[\s\S]*?```/g, '')
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((written) => {
      const [path = '', anchor] = written.split('#')
      return { written, path: path === '' ? document : join(dirname(document), path), anchor }
    })
}

/** The headings of a document as the addresses of GitHub spell them. */
export function anchorsOf(document: string): string[] {
  const prose = textOf(document).replaceAll(/```[\s\S]*?```/g, '')
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** The blocks that show commands with what they print. */
export function consoleBlocksOf(document: string): string[] {
  return [...textOf(document).matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block!)
}
