// The contrast of every text on a page that is open (WCAG 2.1 §1.4.3), with all its controls in one state: each of them is drawn as if it
// were pointed at, focused or pressed.
import type { Page } from 'playwright-core'

/** What can be in a state: what is clicked or typed into, and rows that are chosen. */
const CONTROLS = 'a, button, input, select, textarea, summary, label, tr, [tabindex]'

/** The states, as the names of CSS's pseudo-classes. */
export const EVERY_STATE: readonly (readonly string[])[] = [
  [],
  ['hover'],
  ['focus', 'focus-visible'],
  ['hover', 'active'],
  ['hover', 'focus', 'focus-visible'],
]

/** Texts that are too faint in some state, each with the state and its ratio; each text in one look once. */
export async function faintTexts(page: Page, states = EVERY_STATE): Promise<string[]> {
  await page.evaluate(drawByAttribute)
  const found = new Map<string, string>()
  for (const state of states) {
    await page.evaluate(force, { controls: CONTROLS, state: state.join(' ') })
    for (const [text, fault] of await page.evaluate(faintTextsNow)) {
      if (!found.has(text)) found.set(text, `${state.join('+') || 'rest'}: ${text}, ${fault}`)
    }
  }
  await page.evaluate(force, { controls: CONTROLS, state: '' })
  return [...found.values()]
}

/** Runs in the page: what is drawn in a state is also drawn for the attribute `force` sets. It weighs as much in the cascade. */
function drawByAttribute(): void {
  const rewrite = (rules: CSSRuleList): void => {
    for (const rule of rules) {
      if (rule instanceof CSSStyleRule && !rule.selectorText.includes('data-forced'))
        rule.selectorText = rule.selectorText.replace(
          /:(hover|active|focus-visible|focus)(?![\w-])/g,
          ':is(:$1, [data-forced~="$1"])',
        )
      if ('cssRules' in rule) rewrite(rule.cssRules as CSSRuleList)
    }
  }
  for (const sheet of document.styleSheets) rewrite(sheet.cssRules)
}

/** Runs in the page: puts every control into a state. One change for all of them; the browser's own way takes one for each. */
function force({ controls, state }: { controls: string; state: string }): void {
  for (const control of document.querySelectorAll(controls)) control.setAttribute('data-forced', state)
}

/** Runs in the page: the texts that are too faint as it is drawn now, each with what is wrong. */
function faintTextsNow(): [text: string, fault: string][] {
  type Colour = readonly [red: number, green: number, blue: number, alpha: number]
  const parse = (text: string): Colour => {
    const [, space, inside] = /^(rgba?|color)\((?:srgb )?([^)]*)\)$/.exec(text) ?? []
    if (inside === undefined) throw new Error(`not a colour that this test reads: ${text}`)
    const parts = inside.split(/[\s,/]+/).map(Number)
    const scale = space === 'color' ? 255 : 1
    return [parts[0]! * scale, parts[1]! * scale, parts[2]! * scale, parts[3] ?? 1]
  }
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (i: 0 | 1 | 2) => top[i] * top[3] + below[i] * (1 - top[3])
    return [mix(0), mix(1), mix(2), 1]
  }
  const luminance = ([red, green, blue]: Colour): number => {
    const linear = (part: number): number =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
  const contrast = (one: Colour, other: Colour): number => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
    return (light + 0.05) / (dark + 0.05)
  }
  /** The colours that may be below a text of an element: several if there is a pattern. */
  const known = new Map<Element, Colour[]>()
  const below = (element: Element | null): Colour[] => {
    if (element === null) return [parse('rgb(255,255,255)')]
    let colours = known.get(element)
    if (colours === undefined) {
      colours = groundsOf(element)
      known.set(element, colours)
    }
    return colours
  }
  const groundsOf = (element: Element): Colour[] => {
    const { backgroundColor, backgroundImage } = getComputedStyle(element)
    const own = parse(backgroundColor)
    const pattern = [...backgroundImage.matchAll(/(?:rgba?|color)\([^)]*\)/g)].map(([text]) => parse(text))
    const grounds = own[3] === 1 ? [own] : below(element.parentElement).map((ground) => over(own, ground))
    return pattern.length === 0
      ? grounds
      : [...grounds, ...pattern.flatMap((each) => grounds.map((ground) => over(each, ground)))]
  }
  const isSeen = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.getClientRects().length > 0 &&
    element.closest('.hidden-label, [hidden]') === null
  const texts = new Map<Element, string>()
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent!.trim()
    if (text !== '' && !texts.has(node.parentElement!)) texts.set(node.parentElement!, text)
  }
  for (const field of document.querySelectorAll<HTMLInputElement>('input, textarea, select'))
    texts.set(field, field.value)
  const faint: [string, string][] = []
  for (const [element, text] of texts) {
    if (!isSeen(element) || element.closest(':disabled, script, style') !== null) continue
    const { color, fontSize, fontWeight } = getComputedStyle(element)
    const size = Number.parseFloat(fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700)
    const ratio = Math.min(...below(element).map((ground) => contrast(over(parse(color), ground), ground)))
    // A visited link is drawn otherwise only if its colour is the browser's own, and what it is drawn in, no script is told.
    const isOwn = element.localName === 'a' && /^rgb\((0, 0, 238|158, 158, 255)\)$/.test(color)
    if (ratio >= (isLarge ? 3 : 4.5) && !isOwn) continue
    const place = `${element.localName}.${element.className} in ${element.parentElement?.localName}.${element.parentElement?.className}`
    faint.push([
      `“${text.slice(0, 40)}” (${place})`,
      `${ratio.toFixed(2)}:1, ${color} on ${JSON.stringify(below(element))}`,
    ])
  }
  return faint
}
