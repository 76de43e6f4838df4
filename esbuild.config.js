// Bundles the command line, so that it starts in a tenth of a second: of 150 modules, each is looked for, read and compiled by itself
// (`framewalk --help` takes 125 ms more than `node -e 0`, bundled 40). What commands share is in chunks. The library is not bundled.
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

/** yargs measures text with the package string-width, which makes an `Intl.Segmenter` as it is loaded: 16 ms. The project's own width makes
 * one when a text needs it. cli-table3 requires an older string-width, which makes none. */
const ownWidth = {
  name: 'own-width',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^string-width$/ }, ({ kind }) =>
      kind === 'import-statement'
        ? resolve('./src/cli/terminal/string-width.ts', { kind, resolveDir: import.meta.dirname })
        : undefined,
    )
  },
}

// The chunks of the build before have other names.
rmSync('dist/cli', { recursive: true, force: true })
await build({
  entryPoints: ['src/cli/main.ts', 'src/cli/job-worker.ts'],
  outdir: 'dist/cli',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // jsonc-parser's CommonJS file requires its parts by computed names.
  mainFields: ['module', 'main'],
  // Some packages are CommonJS and require Node's own modules.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)",
  },
  chunkNames: '[name]-[hash]',
  plugins: [ownWidth],
  logLevel: 'warning',
})
