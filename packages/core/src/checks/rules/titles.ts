import type { Check } from './check.ts'

/** A key of TMDB or TVDB as it stands; `state` is absent where its service was not asked. */
export interface TitleKeyFacts {
  service: 'tmdb' | 'tvdb'
  source: 'environment' | 'app' | 'none'
  state?: 'works' | 'refused' | 'unreachable'
}

const NAMES = { tmdb: 'TMDB', tvdb: 'TVDB' } as const

const WITHOUT = {
  tmdb: 'The sample catalog is in use. Enter a TMDB key, free at themoviedb.org, to see all titles.',
  tvdb: 'Seasons are numbered as TMDB has them. Enter a TVDB key to number them as Sonarr does.',
} as const

/** Where titles come from: a check for each service. */
export const titleChecks = (keys: readonly TitleKeyFacts[]): Check[] => keys.map(titleCheck)

function titleCheck({ service, source, state }: TitleKeyFacts): Check {
  const name = NAMES[service]
  const base = { id: service, group: 'titles', facts: { service, source } } as const
  if (source === 'none') return { ...base, state: 'not_set_up', code: 'no_key', nextStep: WITHOUT[service] }
  if (state === 'works') return { ...base, state: 'works' }
  if (state === 'refused') {
    const where = source === 'app' ? 'in the app' : `in ${name}_API_KEY`
    const nextStep = `${name} refuses the key. Get another one from its site and set it ${where}.`
    return { ...base, state: 'problem', code: `${service}_key_refused`, nextStep }
  }
  if (state === 'unreachable') {
    const nextStep = `${name} does not answer. Check that this machine reaches the internet; otherwise it passes by itself.`
    return { ...base, state: 'problem', code: `${service}_unreachable`, nextStep }
  }
  return { ...base, state: 'not_set_up', code: 'not_asked', nextStep: `${name} was not asked about its key.` }
}
