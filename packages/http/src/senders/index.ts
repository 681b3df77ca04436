/** What media servers and clients send us, each read into core's one form of an event. */
export { readWebhookBody, WEBHOOK_LIMITS, type WebhookBody } from './body.ts'
export { readEmbyEvent } from './emby.ts'
export { readJellyfinEvent } from './jellyfin.ts'
export { JELLYFIN_TEMPLATE } from './jellyfin-template.ts'
export { readPlexEvent } from './plex.ts'
export { readRadarrEvent } from './radarr.ts'
export { readSonarrEvent } from './sonarr.ts'
