const QUOTES = '"\'`“”„‟‘’‚‛«»‹›'
const QUOTED = new RegExp(`^[${QUOTES}]|[${QUOTES}]$`)

/**
 * What is wrong with the form of a key of TMDB or TVDB, as what is expected instead; undefined when it can be sent.
 * Whether the service takes it, it alone can say.
 */
export function wrongKeyForm(key: string): string | undefined {
  if (QUOTED.test(key)) return 'the key alone, without the quotation marks around it'
  if (/^api_?key\s*[=:]/i.test(key)) return 'the key alone, without its name before it'
  if (/^bearer\s/i.test(key)) return 'the key alone, without the word Bearer'
  if (!/^[\x21-\x7e]{1,1000}$/.test(key)) return 'a key of letters, digits and marks, without blanks'
  return undefined
}
