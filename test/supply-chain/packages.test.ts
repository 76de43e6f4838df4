// What comes with framewalk: under which licenses, and what may run when it is installed.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packages } from './packages.ts'

/** Licenses that let anybody use and pass on what is installed, if the notice stays. */
const PERMISSIVE = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', '0BSD', '(MIT AND Zlib)']

describe('the packages that framewalk uses', { timeout: 120_000 }, () => {
  const all = packages()
  const named = (use: string) => all.filter((each) => each.use === use)

  it('npm lists the packages that are installed with framewalk, and those in its page', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(named('installed').map(({ name }) => name)).toEqual(
      expect.arrayContaining(Object.keys(dependencies)),
    )
    expect(named('in the page').map(({ name }) => name)).toEqual(['@noble/hashes', 'preact', 'uplot'])
  })

  it('every package has a license, and one that is installed or in the page a permissive one', () => {
    expect(all.filter(({ license }) => license === '')).toEqual([])
    const others = all.filter(({ license, use }) => use !== 'development' && !PERMISSIVE.includes(license))
    expect(others).toEqual([])
  })

  it('package.json says of each package with an install script whether that may run', () => {
    const { packages: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean; dev?: boolean }>
    }
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    const scripted = Object.entries(locked).filter(
      ([path, { hasInstallScript }]) => path !== '' && hasInstallScript,
    )
    expect(scripted.map(([path]) => path.replace(/^.*node_modules\//, '')).sort()).toEqual(
      Object.keys(allowScripts).sort(),
    )
    expect(scripted.every(([, { dev }]) => dev)).toBe(true)
  })
})
