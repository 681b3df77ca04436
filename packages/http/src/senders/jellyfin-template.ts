/** Names of the plugin's data that we read; the template sends them and nothing else: no account, address or path. */
const NAMES = [
  'NotificationType',
  'ServerId',
  'ItemType',
  'ItemId',
  'Name',
  'Year',
  'SeriesId',
  'SeriesName',
  'SeriesPremiereDate',
  'SeasonNumber',
  'EpisodeNumber',
  'EpisodeNumberEnd',
  'Provider_tmdb',
  'Provider_tvdb',
  'Provider_imdb',
] as const

/**
 * The template to paste into a generic destination of Jellyfin's webhook plugin. Three braces, since two would write
 * `&` as `&amp;`; the plugin itself puts a backslash before quotes. What an item lacks becomes an empty text.
 * Facts: https://github.com/jellyfin/jellyfin-plugin-webhook, DataObjectHelpers.cs and BaseOption.cs.
 */
export const JELLYFIN_TEMPLATE = `{\n${NAMES.map((name) => `  "${name}": "{{{${name}}}}"`).join(',\n')}\n}\n`
