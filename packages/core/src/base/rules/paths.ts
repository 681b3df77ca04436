/** First parts of the addresses that are the server's: an unknown one there is a JSON 404, never a page of the web app. */
export const SERVER_PATH_NAMES = ['api', 'list', 'radarr', 'sonarr', 'rss', 'webhook', 'sync'] as const

/** An address of the server's. */
export const SERVER_PATHS = new RegExp(`^/(${SERVER_PATH_NAMES.join('|')})(/|$)`)
