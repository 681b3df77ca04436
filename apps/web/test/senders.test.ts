import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { webhookSender } from '@stellarr/http/wire'
import { describe, expect, it } from 'vitest'
import { languageFiles } from '../build/check-texts.ts'
import { SENDER_GUIDES, senderName } from '../src/logic/senders.ts'

const LOCALES = join(import.meta.dirname, '../src/locales')

describe('senders', () => {
  it('have a guide each, those that cost nothing first', () => {
    expect(SENDER_GUIDES.map(({ source }) => source)).toEqual(['sonarr', 'radarr', 'jellyfin', 'plex', 'emby'])
    expect(SENDER_GUIDES.filter(({ pass }) => pass).map(({ source }) => source)).toEqual(['plex', 'emby'])
  })

  it('are called by their names', () => {
    expect(senderName('radarr')).toBe('Radarr')
    expect(senderName('jellyfin')).toBe('Jellyfin')
  })

  it.each(languageFiles())('each have a sentence about what they tell, in %s', (file) => {
    const { webhooks }: { webhooks: { tells: Record<string, string> } } = JSON.parse(
      readFileSync(join(LOCALES, file), 'utf8'),
    )
    const silent = webhookSender.entries.source.options.filter((source) => webhooks.tells[source] === undefined)
    expect(
      silent.map((source) => `${file} does not say what the sender ${source} tells: add webhooks.tells.${source}.`),
    ).toEqual([])
  })
})
