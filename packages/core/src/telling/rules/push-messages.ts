import type { Changed, MediaRequest, SeasonReached } from '../../requests/index.ts'
import { awaitedSeasons } from '../../requests/rules/index.ts'
import type { Language } from '../../titles/index.ts'
import { isDrawnPoster } from '../../titles/rules/index.ts'

/** What people are told about a request. */
export interface News {
  kind: 'available' | 'picked_up'
  request: MediaRequest
  /** Of a series: what of it is here now that was not before. */
  reached?: readonly SeasonReached[]
}

/** What a change of a request is to tell people; undefined for nothing, and of one that was withdrawn. */
export function newsOf({ request, changed, reached = [] }: Changed): News | undefined {
  if (request.withdrawnAt !== undefined) return undefined
  if (request.mediaType === 'movie') {
    // What came again after its file was lost has been told of.
    const isNew = changed && request.status === 'available' && request.addedAt === request.statusAt
    return isNew ? { kind: 'available', request } : undefined
  }
  return reached.length > 0 ? { kind: 'available', request, reached } : undefined
}

interface Words {
  here: string
  picked_up: string
  test: string
  specials: string
  /** @param names of seasons, joined; @param n how many they are */
  complete(names: string, n: number): string
  upToDate(names: string, n: number): string
  season(number: number): string
  /** A whole series of which every episode that has aired is here. */
  allUpToDate: string
}

const WORDS: Record<Language, Words> = {
  en: {
    here: 'It is here.',
    picked_up: 'It was picked up and will be fetched.',
    test: 'Notifications reach this device.',
    specials: 'Specials',
    season: (number) => `Season ${number}`,
    complete: (names, n) => `${names} ${n > 1 ? 'are' : 'is'} here.`,
    upToDate: (names, n) => `${names} ${n > 1 ? 'are' : 'is'} up to date: every episode so far is here.`,
    allUpToDate: 'It is up to date: every episode so far is here.',
  },
  de: {
    here: 'Es ist da.',
    picked_up: 'Es wurde aufgenommen und wird geholt.',
    test: 'Mitteilungen erreichen dieses Gerät.',
    specials: 'Extras',
    season: (number) => `Staffel ${number}`,
    complete: (names, n) => `${names} ${n > 1 ? 'sind' : 'ist'} da.`,
    upToDate: (names, n) =>
      `${names} ${n > 1 ? 'sind' : 'ist'} auf dem neuesten Stand: Alle bisherigen Folgen sind da.`,
    allUpToDate: 'Auf dem neuesten Stand: Alle bisherigen Folgen sind da.',
  },
  es: {
    here: 'Ya está aquí.',
    picked_up: 'Se ha recogido y se va a descargar.',
    test: 'Las notificaciones llegan a este dispositivo.',
    specials: 'Especiales',
    season: (number) => `Temporada ${number}`,
    complete: (names, n) => `${names}: ya ${n > 1 ? 'están' : 'está'} aquí.`,
    upToDate: (names) => `${names}: al día, ya están todos los episodios emitidos.`,
    allUpToDate: 'Al día: ya están todos los episodios emitidos.',
  },
  fr: {
    here: 'C’est arrivé.',
    picked_up: 'C’est pris en charge et va être récupéré.',
    test: 'Les notifications arrivent sur cet appareil.',
    specials: 'Épisodes spéciaux',
    season: (number) => `Saison ${number}`,
    complete: (names, n) => `${names} : ${n > 1 ? 'elles sont là' : 'elle est là'}.`,
    upToDate: (names) => `${names} : à jour, tous les épisodes diffusés sont là.`,
    allUpToDate: 'À jour : tous les épisodes diffusés sont là.',
  },
}

/** What is said of a series: all of it, or which seasons are complete and which up to date. */
function arrivalWords(request: MediaRequest, reached: readonly SeasonReached[], language: Language): string {
  const words = WORDS[language]
  const nameOf = (number: number) => (number === 0 ? words.specials : words.season(number))
  const joined = (state: SeasonReached['state']) => {
    const numbers = reached.flatMap((one) => (one.state === state ? (one.seasonNumber ?? []) : []))
    return { names: new Intl.ListFormat(language).format(numbers.map(nameOf)), n: numbers.length }
  }
  const isAll = request.status === 'available' && awaitedSeasons(request).every((season) => season.state === 'complete')
  if (isAll || reached.some((one) => one.seasonNumber === undefined && one.state === 'complete')) return words.here
  if (reached.some((one) => one.seasonNumber === undefined)) return words.allUpToDate
  const [complete, upToDate] = [joined('complete'), joined('up_to_date')]
  return [
    complete.n > 0 ? words.complete(complete.names, complete.n) : '',
    upToDate.n > 0 ? words.upToDate(upToDate.names, upToDate.n) : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

const POSTERS = 'https://image.tmdb.org/t/p/w185'

/** What the service worker shows. */
export interface PushMessage {
  title: string
  body: string
  /** A page of the app. */
  url: string
  icon?: string
  /** A later message of the same tag takes the place of the earlier. */
  tag: string
}

/** A message about a request, in the language of a device. */
export function pushMessage({ kind, request, reached }: News, language: Language): PushMessage {
  const { title, mediaType, tmdbId, posterPath } = request
  const words = WORDS[language]
  const arrived = reached ? arrivalWords(request, reached, language) : words.here
  const message = {
    title,
    body: kind === 'picked_up' ? words.picked_up : arrived,
    url: `/title/${mediaType}/${tmdbId}`,
    tag: `${mediaType}-${tmdbId}`,
  }
  if (posterPath === undefined) return message
  return { ...message, icon: isDrawnPoster(posterPath) ? posterPath : POSTERS + posterPath }
}

/** The message that tries whether messages arrive. */
export function testMessage(language: Language): PushMessage {
  return { title: 'Stellarr', body: WORDS[language].test, url: '/settings', tag: 'test' }
}

const MINUTE_MS = 60_000
/** How long a push service that does not answer is given, try by try. */
const PAUSES_MS = [1, 5, 30, 120, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS)

/** The longest of them: what is due later was put off by a clock that was ahead, and is due now. */
export const LONGEST_PAUSE_MS = 24 * 60 * MINUTE_MS

/** When to try again after so many tries, in ms; undefined: give up. */
export const pauseAfter = (tries: number): number | undefined => PAUSES_MS[tries]
