import { SAMPLE_TITLES } from './sample-catalog.ts'

const WIDTH = 342
const HEIGHT = 513
const LINE = 15

const escapeXml = (text: string) => text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`)

/** A small hash that gives each title its own colours and shapes, the same at every drawing. */
function seedOf(text: string): number {
  let seed = 2166136261
  for (const char of text) seed = Math.imul(seed ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0
  return seed
}

function wrap(title: string): string[] {
  const lines: string[] = []
  for (const word of title.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= LINE) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.slice(0, 6)
}

function motif(seed: number, light: string): string {
  const x = 60 + (seed % 220)
  const y = 90 + ((seed >> 5) % 120)
  const radius = 70 + ((seed >> 9) % 70)
  switch (seed % 4) {
    case 0:
      return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${light}" opacity=".55"/><circle cx="${x + 40}" cy="${y + 20}" r="${radius * 0.6}" fill="${light}" opacity=".35"/>`
    case 1:
      return [0, 1, 2, 3, 4]
        .map(
          (n) =>
            `<rect x="${-60 + n * 90}" y="-40" width="34" height="420" fill="${light}" opacity="${0.12 + n * 0.08}" transform="rotate(${12 + (seed % 20)} 171 200)"/>`,
        )
        .join('')
    case 2:
      return [4, 3, 2, 1]
        .map(
          (n) =>
            `<circle cx="${x}" cy="${y}" r="${n * 42}" fill="none" stroke="${light}" stroke-width="${10 - n}" opacity=".5"/>`,
        )
        .join('')
    default:
      return `<path d="M0 ${y + 160} L${x} ${y} L${x + 90} ${y + 110} L${x + 150} ${y + 50} L342 ${y + 190} V513 H0Z" fill="${light}" opacity=".45"/>`
  }
}

/** The poster of a sample title by file name (`movie-603.svg`); undefined for any other name. */
export function drawPoster(name: string): string | undefined {
  const [, type, id] = /^(movie|tv)-(\d{1,10})\.svg$/.exec(name) ?? []
  const title = SAMPLE_TITLES.find((known) => known.mediaType === type && known.tmdbId === Number(id))
  if (!title) return undefined
  const seed = seedOf(name)
  const hue = seed % 360
  const [dark, mid, light] = [
    `hsl(${hue} 55% 13%)`,
    `hsl(${(hue + 40) % 360} 50% 30%)`,
    `hsl(${(hue + 60) % 360} 70% 62%)`,
  ]
  const lines = wrap(title.title)
  const size = Math.max(...lines.map((line) => line.length)) > 11 ? 34 : 42
  const top = HEIGHT - 60 - lines.length * size * 1.08
  const text = lines
    .map((line, index) => `<tspan x="26" y="${Math.round(top + (index + 1) * size * 1.08)}">${escapeXml(line)}</tspan>`)
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(title.title)}"><defs><linearGradient id="g" x1="0" y1="0" x2=".4" y2="1"><stop offset="0" stop-color="${mid}"/><stop offset="1" stop-color="${dark}"/></linearGradient></defs><rect width="${WIDTH}" height="${HEIGHT}" fill="url(#g)"/>${motif(seed, light)}<rect y="${top - 20}" width="${WIDTH}" height="${HEIGHT - top + 20}" fill="${dark}" opacity=".55"/><text font-family="system-ui,sans-serif" font-weight="800" font-size="${size}" fill="#fff">${text}</text><text x="26" y="${HEIGHT - 24}" font-family="system-ui,sans-serif" font-size="20" fill="#fff" opacity=".75">${title.year ?? ''}</text></svg>`
}
