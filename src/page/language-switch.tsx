import { LANGUAGE_NAMES, LANGUAGE_TAGS, LANGUAGES } from '../language/language.ts'
import { useLanguage, useWords } from './words.tsx'

/** A button for each language, named in itself. */
export function LanguageSwitch() {
  const words = useWords()
  const { language, choose } = useLanguage()
  return (
    // A fieldset would draw a frame and take a legend's room for two buttons.
    // biome-ignore lint/a11y/useSemanticElements: see above
    <div role="group" class="language-switch" aria-label={words.page.language}>
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={LANGUAGE_TAGS[each]}
          aria-pressed={each === language}
          onClick={() => choose(each)}
        >
          {LANGUAGE_NAMES[each]}
        </button>
      ))}
    </div>
  )
}
