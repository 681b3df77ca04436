/** First parts of the addresses that are the server's: an unknown one there is a JSON 404, never a page of the web app. */
export const SERVER_PATH_NAMES = ['api', 'list', 'radarr', 'sonarr', 'lidarr', 'rss', 'webhook', 'sync'] as const

/** What Radarr, Sonarr and Lidarr put behind an address that they are given: the server's, wherever that address leads. */
export const CLIENT_CALLS = ['/api/v1/', '/api/v3/'] as const

/** An address of the server's. */
export const SERVER_PATHS = new RegExp(`^/(${SERVER_PATH_NAMES.join('|')})(/|$)|${CLIENT_CALLS.join('|')}`)
