// Which language the page speaks: every text that a person reads comes from `useWords()`.
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { CATALOGUES, type Catalogue } from '../language/catalogue.ts'
import { LANGUAGE_TAGS, type Language } from '../language/language.ts'

/** The language that the page speaks, and how to choose another. */
export interface LanguageChoice {
  readonly language: Language
  choose(language: Language): void
}

const Choice = createContext<LanguageChoice>({ language: 'en', choose: () => {} })

/** Gives its children a language: `first`, until another is chosen. */
export function Words(props: { readonly first: Language; readonly children: ComponentChildren }) {
  const [language, choose] = useState(props.first)
  useLayoutEffect(() => {
    document.documentElement.lang = LANGUAGE_TAGS[language]
  }, [language])
  const choice = useMemo(() => ({ language, choose }), [language])
  return <Choice.Provider value={choice}>{props.children}</Choice.Provider>
}

/** All words, in the language that the page speaks. */
export function useWords(): Catalogue {
  return CATALOGUES[useContext(Choice).language]
}

/** The language that the page speaks, and how to choose another. */
export function useLanguage(): LanguageChoice {
  return useContext(Choice)
}
