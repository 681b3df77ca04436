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
 * `&` as `&amp;`; the plugin itself puts a backslash before quotes, and nothing before line ends and other backslashes,
 * which `readTemplateBody` therefore reads as they are. The plugin's `json_encode` would write those well, but only since
 * version 18 (Jellyfin 10.11): an older one sends nothing by a template that names it, and a newer one nothing for an item
 * that lacks what is encoded. What an item lacks becomes an empty text here.
 * Facts: https://github.com/jellyfin/jellyfin-plugin-webhook, DataObjectHelpers.cs, BaseOption.cs and
 * HandlebarsFunctionHelpers.cs.
 */
export const JELLYFIN_TEMPLATE = `{\n${NAMES.map((name) => `  "${name}": "{{{${name}}}}"`).join(',\n')}\n}\n`

/** Whether a body was made by our template, which alone sends all of these, empty or not. */
export const isByTemplate = (body: object): boolean => NAMES.every((name) => Object.hasOwn(body, name))
