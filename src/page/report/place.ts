// Where the reader is in a report: kept in the URL's hash, so that places can be linked to, and Back goes back.
import { createContext } from 'preact'
import { useContext, useEffect, useMemo, useState } from 'preact/hooks'

/** The views of a connection, as the hash names them. */
export const VIEWS = ['frames', 'sequence', 'handshake', 'findings'] as const

/** The part of a connection that is shown. */
export type View = (typeof VIEWS)[number]

/** A place in the report. */
export interface Place {
  /** Undefined for all connections. */
  readonly connection: number | undefined
  readonly view: View
  readonly frame: number | undefined
  /** A field's name, as RFC 6455 §5.2 has it. */
  readonly field: string | undefined
  /** Of the decoding, from 0. */
  readonly step: number | undefined
}

/** The place, and how to go to another. */
export interface Navigation {
  readonly place: Place
  /** Goes to the place with some of it changed. `replace`: without an entry for Back. */
  go(change: Partial<Place>, replace?: boolean): void
}

const NavigationContext = createContext<Navigation | undefined>(undefined)

/** Gives the parts of a report their `useNavigation`. */
export const NavigationProvider = NavigationContext.Provider

/** Where the reader is. Throws outside of the report. */
export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext)
  if (navigation === undefined) throw new TypeError('no report around this')
  return navigation
}

/** Keeps the place and the hash equal. `first`: the connection that is shown if the hash names none. */
export function useHashPlace(first: number | undefined): Navigation {
  const [place, setPlace] = useState(() => placeOf(location.hash, first))
  useEffect(() => {
    const follow = (): void => setPlace(placeOf(location.hash, first))
    addEventListener('hashchange', follow)
    addEventListener('popstate', follow)
    return () => {
      removeEventListener('hashchange', follow)
      removeEventListener('popstate', follow)
    }
  }, [first])
  return useMemo(
    () => ({
      place,
      go(change, replace = false) {
        const next = { ...place, ...change }
        const hash = hashOf(next)
        if (replace) history.replaceState(null, '', hash)
        else if (hash !== location.hash) history.pushState(null, '', hash)
        setPlace(next)
      },
    }),
    [place],
  )
}

/** The hash of a place: `#connection=1&frame=2&field=MASK`. */
export function hashOf({ connection, view, frame, field, step }: Place): string {
  const parts = [`connection=${connection ?? 'all'}`]
  if (view !== 'frames') parts.push(`view=${view}`)
  if (frame !== undefined) parts.push(`frame=${frame}`)
  if (field !== undefined) parts.push(`field=${encodeURIComponent(field)}`)
  if (step !== undefined) parts.push(`step=${step}`)
  return `#${parts.join('&')}`
}

function placeOf(hash: string, first: number | undefined): Place {
  const values = new URLSearchParams(hash.replace(/^#/, ''))
  const connection = values.get('connection')
  const view = VIEWS.find((name) => name === values.get('view')) ?? 'frames'
  return {
    connection: connection === 'all' ? undefined : (numberOf(connection, 1) ?? first),
    view,
    frame: numberOf(values.get('frame'), 1),
    field: values.get('field') ?? undefined,
    step: numberOf(values.get('step'), 0),
  }
}

function numberOf(text: string | null, least: number): number | undefined {
  const number = text === null || !/^\d{1,9}$/.test(text) ? Number.NaN : Number(text)
  return number >= least ? number : undefined
}
