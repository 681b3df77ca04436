/**
 * The lists that clients read, those to recommend first, by the list type that reads each:
 * - `radarr-program`: Radarr's "Radarr"; `radarr-tmdb`: "Custom Lists"; `radarr`: "StevenLu Custom"
 * - `sonarr-program`: Sonarr's "Sonarr"; `sonarr`: "Custom List"
 * - `rss-movies`, `rss-tv`, `rss-all`: "Plex Watchlist RSS" of either
 */
export const FEED_NAMES = [
  'radarr-program',
  'radarr-tmdb',
  'radarr',
  'rss-movies',
  'sonarr-program',
  'sonarr',
  'rss-tv',
  'rss-all',
] as const
export type FeedName = (typeof FEED_NAMES)[number]
