import { chromium } from 'playwright-core'
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const f of process.argv.slice(2)) {
  const p = await b.newPage({ viewport: { width: 1280, height: 900 } })
  const t = performance.now()
  await p.goto(`file:///tmp/rp/${f}.html`)
  await p.waitForSelector('#page > *', { timeout: 100000 })
  const s = ((performance.now() - t) / 1000).toFixed(2)
  console.log(f, s)
  await p.close()
}
await b.close()
