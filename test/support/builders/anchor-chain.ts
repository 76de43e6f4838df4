/** Two talks in which each item that occurs once on both sides makes exactly one new such item, between as many differences. */
export function anchorChain(length: number): [left: string[], right: string[]] {
  const side = (...fill: readonly string[]): string[] =>
    Array.from({ length }, (_, i) => [`${i + 2}`, `${i + 1}`, ...fill]).flat()
  return [side('p', 'q'), side('q', 'p')]
}
