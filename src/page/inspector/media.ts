// Whether a media query holds, kept up to date.
import { useEffect, useState } from 'preact/hooks'

/** Screens on which half as many bytes fit next to one another. */
export const NARROW = '(max-width: 640px)'

/** Whether the page is shown as `query` says. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const update = (): void => setMatches(list.matches)
    update()
    list.addEventListener('change', update)
    return () => list.removeEventListener('change', update)
  }, [query])
  return matches
}
