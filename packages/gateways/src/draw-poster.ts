import { SAMPLE_TITLES } from './sample-catalog.ts'

const WIDTH = 342
const HEIGHT = 513
/** Characters of a line, and the room and mean character width (in em, bold) that its size is made from. */
const LINE = 13
const LINE_WIDTH = WIDTH - 2 * 26
const CHARACTER_EM = 0.69

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
  return lines
}

/** One of six backgrounds: moons, rays, rings, hills, windows, waves. */
function motif(seed: number, light: string): string {
  const x = 90 + (seed % 170)
  const y = 100 + ((seed >>> 5) % 100)
  const radius = 70 + ((seed >>> 9) % 60)
  const times = (count: number, draw: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => draw(n)).join('')
  switch ((seed >>> 3) % 6) {
    case 0:
      return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${light}" opacity=".75"/><circle cx="${x + radius * 0.5}" cy="${y + radius * 0.3}" r="${radius * 0.8}" fill="${light}" opacity=".3"/>`
    case 1:
      return times(
        9,
        (n) =>
          `<path d="M${x} ${y + 60} L${-120 + n * 75} -40 L${-85 + n * 75} -40Z" fill="${light}" opacity="${0.25 + (n % 3) * 0.12}"/>`,
      )
    case 2:
      return times(
        5,
        (n) =>
          `<circle cx="${x}" cy="${y}" r="${26 + n * 36}" fill="none" stroke="${light}" stroke-width="${12 - n}" opacity="${0.8 - n * 0.12}"/>`,
      )
    case 3:
      return `<circle cx="${WIDTH - x}" cy="${y - 20}" r="${radius * 0.5}" fill="${light}" opacity=".8"/>${times(3, (n) => `<path d="M0 ${y + 100 + n * 46} L${x - n * 50} ${y + 10 + n * 52} L${x + 110} ${y + 130 + n * 30} L${x + 190 - n * 30} ${y + 60 + n * 44} L${WIDTH} ${y + 150 + n * 40} V${HEIGHT} H0Z" fill="${light}" opacity="${0.2 + n * 0.14}"/>`)}`
    case 4:
      return times(28, (n) => {
        const lit = (seed >>> (n % 24)) & 1
        return `<rect x="${34 + (n % 4) * 72}" y="${28 + Math.floor(n / 4) * 44}" width="52" height="28" rx="3" fill="${light}" opacity="${lit ? 0.75 : 0.16}"/>`
      })
    default:
      return times(
        6,
        (n) =>
          `<path d="M-20 ${60 + n * 44} Q${x * 0.5} ${20 + n * 44} ${x} ${60 + n * 44} T${WIDTH + 40} ${60 + n * 44}" fill="none" stroke="${light}" stroke-width="${6 + n * 3}" opacity="${0.75 - n * 0.09}"/>`,
      )
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
  const longest = Math.max(...lines.map((line) => line.length))
  const size = Math.min(42, lines.length > 4 ? 32 : 42, Math.floor(LINE_WIDTH / (longest * CHARACTER_EM)))
  const top = HEIGHT - 60 - lines.length * size * 1.08
  const text = lines
    .map((line, index) => `<tspan x="26" y="${Math.round(top + (index + 1) * size * 1.08)}">${escapeXml(line)}</tspan>`)
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(title.title)}"><defs><linearGradient id="g" x1="0" y1="0" x2=".4" y2="1"><stop offset="0" stop-color="${mid}"/><stop offset="1" stop-color="${dark}"/></linearGradient></defs><rect width="${WIDTH}" height="${HEIGHT}" fill="url(#g)"/>${motif(seed, light)}<rect y="${top - 20}" width="${WIDTH}" height="${HEIGHT - top + 20}" fill="${dark}" opacity=".55"/><text font-family="system-ui,sans-serif" font-weight="800" font-size="${size}" fill="#fff">${text}</text><text x="26" y="${HEIGHT - 24}" font-family="system-ui,sans-serif" font-size="20" fill="#fff" opacity=".75">${title.year ?? ''}</text></svg>`
}
