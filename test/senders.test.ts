// What the list of senders cannot hold by types: texts that name each of them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MEDIA_EVENT_SOURCES, type MediaEventSource } from '@stellarr/core'
import { expect, it } from 'vitest'
import { WEBHOOK_TOKEN_SETTINGS } from '../packages/http/src/settings.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

interface Place {
  file: string
  isNamed(text: string, source: MediaEventSource): boolean
  /** What is to be done where it is not. */
  todo(source: MediaEventSource): string
}

const PLACES: readonly Place[] = [
  {
    file: '.env.example',
    isNamed: (text, source) => text.includes(`\n# ${WEBHOOK_TOKEN_SETTINGS[source]}=\n`),
    todo: (source) => `add the line "# ${WEBHOOK_TOKEN_SETTINGS[source]}=" below the other tokens`,
  },
  {
    file: 'docs/aws.md',
    isNamed: (text, source) => text.includes(`\`${source}\``),
    todo: (source) => `name \`${source}\` where it says what \`rotate\` renews`,
  },
  {
    file: 'README.md',
    isNamed: (text, source) => new RegExp(`\\b${source}\\b`, 'i').test(text),
    todo: () => 'say under "From request to arrival" what it reports and what it needs',
  },
  {
    file: 'docs/glossary.md',
    isNamed: (text, source) => new RegExp(`\\| Who tells us: [^|]*\\b${source}\\b`, 'i').test(text),
    todo: () => 'name it in the row "Who tells us"',
  },
]

it.each(MEDIA_EVENT_SOURCES)('%s is named in every text that names the senders', (source) => {
  const forgotten = PLACES.filter(({ file, isNamed }) => !isNamed(read(file), source))
  expect(forgotten.map(({ file, todo }) => `${file} does not name the sender ${source}: ${todo(source)}.`)).toEqual([])
})
