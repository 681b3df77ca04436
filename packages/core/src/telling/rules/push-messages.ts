import type { MediaRequest } from '../../requests/index.ts'
import type { Language } from '../../titles/index.ts'
import { isDrawnPoster } from '../../titles/rules/index.ts'

/** What people are told about. */
export type PushKind = 'available' | 'picked_up' | 'test'

const TEXTS: Record<Language, Record<PushKind, string>> = {
  en: {
    available: 'It is here.',
    picked_up: 'It was picked up and will be fetched.',
    test: 'Notifications reach this device.',
  },
  de: {
    available: 'Es ist da.',
    picked_up: 'Es wurde aufgenommen und wird geholt.',
    test: 'Mitteilungen erreichen dieses Gerät.',
  },
  es: {
    available: 'Ya está aquí.',
    picked_up: 'Se ha recogido y se va a descargar.',
    test: 'Las notificaciones llegan a este dispositivo.',
  },
  fr: {
    available: 'C’est arrivé.',
    picked_up: 'C’est pris en charge et va être récupéré.',
    test: 'Les notifications arrivent sur cet appareil.',
  },
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
export function pushMessage(kind: PushKind, request: MediaRequest, language: Language): PushMessage {
  const { title, mediaType, tmdbId, posterPath } = request
  const message = {
    title,
    body: TEXTS[language][kind],
    url: `/title/${mediaType}/${tmdbId}`,
    tag: `${mediaType}-${tmdbId}`,
  }
  if (posterPath === undefined) return message
  return { ...message, icon: isDrawnPoster(posterPath) ? posterPath : POSTERS + posterPath }
}

/** The message that tries whether messages arrive. */
export function testMessage(language: Language): PushMessage {
  return { title: 'Stellarr', body: TEXTS[language].test, url: '/settings', tag: 'test' }
}

const MINUTE_MS = 60_000
/** How long a push service that does not answer is given, try by try. */
const PAUSES_MS = [1, 5, 30, 120, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS)

/** When to try again after so many tries, in ms; undefined: give up. */
export const pauseAfter = (tries: number): number | undefined => PAUSES_MS[tries]
