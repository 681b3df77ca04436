import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const DIST = join(import.meta.dirname, '../dist')
const size = (file: string) => gzipSync(readFileSync(join(DIST, file))).length

it('is light: at most 100 kB of script at first, 40 kB a later part', () => {
  const html = readFileSync(join(DIST, 'index.html'), 'utf8')
  const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? '')
  expect(first.length).toBeGreaterThan(0)
  expect(first.reduce((sum, file) => sum + size(file), 0)).toBeLessThan(100_000)
  const later = readdirSync(join(DIST, 'assets'))
    .map((file) => `assets/${file}`)
    .filter((file) => file.endsWith('.js') && !first.includes(file))
  for (const file of later) expect(size(file), file).toBeLessThan(40_000)
})
