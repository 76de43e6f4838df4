// Builds src/page/ into dist/page.html: one file, script and style inline, and a Content-Security-Policy that lets nothing else run. The
// script is deflated (a third of its length); a short one inflates it. The policy knows the hashes of both.
import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

export default defineConfig({
  root: 'src/page',
  publicDir: false,
  build: {
    outDir: '../../dist',
    emptyOutDir: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'src/page/page.html', output: { codeSplitting: false } },
  },
  plugins: [oneFile()],
})

/** Puts the one script and the one stylesheet into the page, and their hashes into its policy. */
function oneFile(): Plugin {
  return {
    name: 'one-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const html = bundle['page.html']
      if (html?.type !== 'asset') throw new Error('the build has no page.html')
      const rest = Object.values(bundle).filter((output) => output !== html)
      const script = rest.flatMap((output) => (output.type === 'chunk' ? [output.code] : [])).join('')
      const style = rest
        .flatMap((output) => (output.type === 'asset' ? [String(output.source)] : []))
        .join('')
      for (const { fileName } of rest) delete bundle[fileName]
      const inline = script.trim()
      const policy = [
        "default-src 'none'",
        `script-src '${hashOf(INFLATE)}' '${hashOf(inline)}'`,
        `style-src '${hashOf(style)}'`,
        'img-src data:',
        // The report runs regular expressions where they can be stopped.
        'worker-src blob:',
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; ')
      html.source = String(html.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace(
          '</head>',
          () =>
            `<meta http-equiv="Content-Security-Policy" content="${policy}">\n<style>${style}</style>\n</head>`,
        )
        .replace(
          '</body>',
          () =>
            `<script type="application/octet-stream" id="code">${deflateRawSync(inline, { level: 9 }).toString('base64')}</script>\n<script type="module">${INFLATE}</script>\n</body>`,
        )
    },
  }
}

/** Runs in the page: puts the script there as it was before it was deflated. */
const INFLATE = `const bytes = Uint8Array.from(atob(document.getElementById('code').textContent), (c) => c.charCodeAt(0))
const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
const script = document.createElement('script')
script.type = 'module'
script.textContent = await new Response(stream).text()
document.body.append(script)`

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
