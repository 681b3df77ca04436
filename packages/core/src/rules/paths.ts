/** Addresses that are the server's: an unknown one there is a JSON 404, never a page of the web app. */
export const SERVER_PATHS = /^\/(api|list|radarr|sonarr|rss|webhook|sync)(\/|$)/
