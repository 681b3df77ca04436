/** The languages the product speaks; catalogue texts are fetched in one of them. */
export type Language = 'en' | 'es' | 'fr' | 'de'

export const LANGUAGES: readonly Language[] = ['en', 'es', 'fr', 'de']

/** The language of an `Accept-Language` header or a browser's language list: the first of ours by weight, else English. */
export function pickLanguage(accepted: string | undefined): Language {
  const wanted = (accepted ?? '')
    .split(',')
    .map((part, index) => {
      const [tag = '', ...params] = part.trim().split(';')
      const q = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find((value) => value !== undefined)
      return { tag: tag.toLowerCase().slice(0, 2), q: q === undefined ? 1 : Number(q), index }
    })
    .sort((a, b) => b.q - a.q || a.index - b.index)
  for (const { tag, q } of wanted) {
    const known = LANGUAGES.find((language) => language === tag)
    if (known && q > 0) return known
  }
  return 'en'
}
