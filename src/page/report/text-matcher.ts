// Which texts hold a text, or match a regular expression. An expression runs in a worker of its own, which is ended if it takes
// too long: some expressions would run for years on a short text.

/** What is wrong with an expression: its fault in the browser's words, or that it was too slow. */
export type PatternFault = { readonly kind: 'invalid'; readonly reason: string } | { readonly kind: 'slow' }

/** Matches texts in batches. `close` ends its worker. */
export interface TextMatcher {
  /** Which of the texts match. Rejects with a PatternFault. */
  match(texts: readonly string[]): Promise<readonly boolean[]>
  close(): void
}

/** Longer than any sensible expression needs for 500 texts. */
const PATIENCE_MS = 2000

const WORKER = `onmessage = ({ data: { pattern, texts } }) => {
  const expression = new RegExp(pattern, 'iu')
  postMessage(texts.map((text) => expression.test(text)))
}`

/** Finds `text`, in upper or lower case. */
export function matcherFor(text: string, isPattern: boolean): TextMatcher {
  return isPattern ? patternMatcher(text) : plainMatcher(text)
}

function plainMatcher(text: string): TextMatcher {
  const wanted = text.toLowerCase()
  return {
    match: async (texts) => texts.map((each) => each.toLowerCase().includes(wanted)),
    close: () => {},
  }
}

function patternMatcher(pattern: string): TextMatcher {
  try {
    new RegExp(pattern, 'iu')
  } catch (error) {
    const reason = (error as Error).message.replace(/^Invalid regular expression: /, '')
    const fault: PatternFault = { kind: 'invalid', reason }
    return { match: () => Promise.reject(fault), close: () => {} }
  }
  const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }))
  const worker = new Worker(url)
  URL.revokeObjectURL(url)
  return {
    match: (texts) =>
      new Promise((resolve, reject) => {
        const slow: PatternFault = { kind: 'slow' }
        const timer = setTimeout(() => {
          worker.terminate()
          reject(slow)
        }, PATIENCE_MS)
        worker.onmessage = ({ data }) => {
          clearTimeout(timer)
          resolve(data)
        }
        worker.postMessage({ pattern, texts })
      }),
    close: () => worker.terminate(),
  }
}
