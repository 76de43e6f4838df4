// The packages that framewalk uses, as npm's own list of components (CycloneDX) has them.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `installed`: with framewalk. `in the page`: bundled into it. `development`: neither. */
export type Use = 'installed' | 'in the page' | 'development'

/** A package of the lockfile. */
export interface UsedPackage {
  readonly name: string
  readonly version: string
  /** An SPDX identifier or expression; '' if the package names none. */
  readonly license: string
  readonly use: Use
}

interface Bill {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } }
  readonly components: ReadonlyArray<{
    readonly 'bom-ref': string
    readonly name: string
    readonly version: string
    readonly licenses?: ReadonlyArray<{
      readonly expression?: string
      readonly license?: { readonly id?: string; readonly name?: string }
    }>
  }>
  readonly dependencies: ReadonlyArray<{ readonly ref: string; readonly dependsOn: readonly string[] }>
}

/** The packages, in the order of npm. Throws if npm cannot list them. */
export function packages(): UsedPackage[] {
  const bill: Bill = JSON.parse(
    execFileSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8', maxBuffer: 2 ** 26 }),
  )
  const installed = installedOf(bill)
  const bundled = importsOf('src/page')
  return bill.components.map(({ 'bom-ref': reference, name, version, licenses = [] }) => ({
    name,
    version,
    license: licenses
      .map(({ expression, license }) => expression ?? license?.id ?? license?.name ?? '')
      .join(' AND '),
    use: installed.has(reference) ? 'installed' : bundled.has(name) ? 'in the page' : 'development',
  }))
}

/** What the dependencies of package.json need. npm's `--omit dev` also leaves out what a development package needs too. */
function installedOf({ metadata, components, dependencies }: Bill): Set<string> {
  const needs = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const own = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies)
  const installed = new Set(
    (needs.get(metadata.component['bom-ref']) ?? []).filter((reference) =>
      components.some((each) => each['bom-ref'] === reference && own.includes(each.name)),
    ),
  )
  for (const reference of installed) for (const needed of needs.get(reference) ?? []) installed.add(needed)
  return installed
}

/** The packages that the files of a folder import: `@noble/hashes` of `@noble/hashes/legacy.js`. */
function importsOf(folder: string): Set<string> {
  const names = new Set<string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file)) continue
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [, name] of text.matchAll(/(?:from|import) '((?:@[\w-]+\/)?[\w-]+)[^']*'/g)) names.add(name!)
  }
  return names
}
