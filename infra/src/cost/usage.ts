import { FEEDS } from '@stellarr/core'
import type { OperationName } from './measured.ts'

/** Hours of a month, as AWS counts them. */
export const MONTH_HOURS = 730
const MONTH_DAYS = MONTH_HOURS / 24
export const MONTH_SECONDS = MONTH_HOURS * 3_600

export interface Use {
  operation: OperationName
  /** Times a month. */
  times: number
  /** Share of them for which Lambda has to start an instance. */
  cold: number
  why: string
}

/** A page that is open asks every 20 seconds (apps/web/src/state/looking.ts). */
const OPEN_PAGE_LOOKS_AN_HOUR = 180

const polls = (minutes: number) => (MONTH_HOURS * 60) / minutes

/**
 * What one household does in a month: four people who ask for five titles a week, one Radarr, one Sonarr, a media server
 * with 5,000 movies. AWS does not say how long an idle instance is kept; some minutes are seen. So the worst is taken:
 * each poll and each message starts one, and only what people do one after another meets one that runs.
 */
export const HOUSEHOLD: readonly Use[] = [
  {
    operation: 'radarrProgramList',
    times: polls(FEEDS['radarr-program'].refreshMinutes),
    cold: 1,
    why: 'Radarr looks every 15 minutes.',
  },
  {
    operation: 'sonarrProgramList',
    times: polls(FEEDS['sonarr-program'].refreshMinutes),
    cold: 1,
    why: 'Sonarr looks every 5 minutes.',
  },
  { operation: 'openApp', times: 150, cold: 1, why: 'Four people open the app a little more than once a day.' },
  {
    operation: 'openPage',
    times: 4 * MONTH_DAYS * OPEN_PAGE_LOOKS_AN_HOUR,
    cold: 1 / 15,
    why: 'Four people keep a page open for an hour a day, which asks every 20 seconds; each fifth minute meets an instance that must start or read its settings.',
  },
  {
    operation: 'libraryStatus5000',
    times: 125,
    cold: 0,
    why: 'Every other time the app is opened something has changed, and so have fifty things while a page is open: the whole status is read.',
  },
  { operation: 'signIn', times: 6, cold: 1, why: 'A session lasts a month; a new device comes now and then.' },
  { operation: 'search', times: 120, cold: 0, why: 'Two searches a day, each asked twice while it is typed.' },
  { operation: 'title', times: 90, cold: 0, why: 'Three titles a day are opened.' },
  { operation: 'requestsPage', times: 30, cold: 0, why: 'Once a day somebody looks at what was asked for.' },
  { operation: 'addRequest', times: 20, cold: 0, why: 'Five titles a week: ten movies and ten series.' },
  { operation: 'webhookPickedUp', times: 20, cold: 1, why: 'Each is taken on by Radarr or Sonarr once.' },
  { operation: 'webhookDownloading', times: 70, cold: 1, why: 'Ten movies are fetched, and sixty episodes.' },
  { operation: 'webhookArrived', times: 10, cold: 1, why: 'Ten movies arrive.' },
  {
    operation: 'webhookEpisode',
    times: 130,
    cold: 1,
    why: 'Sixty episodes arrive, and the media server tells of all seventy arrivals again.',
  },
  {
    operation: 'syncUnchanged',
    times: 20,
    cold: 1,
    why: 'The library is sent every night; most nights nothing changed.',
  },
  {
    operation: 'syncChanged',
    times: MONTH_DAYS - 20,
    cold: 1,
    why: 'Every third night a hundred titles have come and a hundred have gone, which is more than most see.',
  },
  { operation: 'daily', times: MONTH_DAYS, cold: 1, why: 'Once a day, by the schedule.' },
]

/** The web app’s files, which CloudFront sends without the API. */
export const WEB = {
  /** Whole loads: four devices, two versions a month. */
  loads: 8,
  /** Visits, each of which asks for the service worker and the trending files. */
  visits: 150,
}
