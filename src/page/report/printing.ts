// Paper does not scroll: while the page is printed, rows that a list keeps out of sight are made too, up to a bound.
import { options } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** Rows of a list that are printed. */
export const MOST_PRINTED = 2000

/** Whether the page is being printed, or a preview of it is made. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false)
  useEffect(() => {
    const print = matchMedia('print')
    const begin = (): void => renderAtOnce(() => setPrinting(true))
    const end = (): void => renderAtOnce(() => setPrinting(false))
    const change = (): void => (print.matches ? begin() : end())
    addEventListener('beforeprint', begin)
    addEventListener('afterprint', end)
    print.addEventListener('change', change)
    return () => {
      removeEventListener('beforeprint', begin)
      removeEventListener('afterprint', end)
      print.removeEventListener('change', change)
    }
  }, [])
  return isPrinting
}

/** A browser prints what is there once the event's listeners have returned. */
function renderAtOnce(change: () => void): void {
  const { debounceRendering } = options
  options.debounceRendering = (render) => render()
  change()
  if (debounceRendering === undefined) delete options.debounceRendering
  else options.debounceRendering = debounceRendering
}
