// From one place of a page that is open to another.
import type { Page } from 'playwright-core'

/** `hash`: with the `#`. Goes there, and waits until it is drawn: what is rendered, and what its effects render after that. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate(async (to) => {
    location.hash = to
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    for (let frame = 0; frame < 3; frame++) await nextFrame()
  }, hash)
}
