/** How long browsers keep a file of the web app: for ever under a name with its hash, a day for a picture, else not unasked. */
export function cacheControlOf(path: string): string {
  if (/(^|[/\\])assets[/\\]/.test(path)) return 'public, max-age=31536000, immutable'
  return /\.(svg|png)$/.test(path) ? 'public, max-age=86400' : 'no-cache'
}

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
}

/** The media type of a file of the web app, as a static server sends it. Throws for a kind that it has none of. */
export function contentTypeOf(path: string): string {
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)]
  if (type === undefined) throw new Error(`${path}: the web app has no files of this kind`)
  return type
}

/** A path that ends so is a file (`.webmanifest` is the longest); any other is a page of the web app, which is index.html. */
export const FILE_ENDING = /\.[a-z0-9]{1,11}$/i
