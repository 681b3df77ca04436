/**
 * The first of a person's languages that there are texts for, by tags as browsers give them: `pt-BR` takes those of
 * `pt-BR`, else of `pt`, else of any Portuguese. English when there are none. `public/boot.js` does the same before the app
 * is there.
 */
export function appLanguageFor(wished: readonly string[], spoken: readonly string[]): string {
  const known = (isIt: (tag: string) => boolean) => spoken.find((language) => isIt(language.toLowerCase()))
  for (const tag of wished) {
    const parts = tag.toLowerCase().split('-')
    const base = parts[0]
    for (; parts.length > 0; parts.pop()) {
      const own = known((language) => language === parts.join('-'))
      if (own) return own
    }
    const kin = known((language) => language.split('-')[0] === base)
    if (kin) return kin
  }
  return 'en'
}
