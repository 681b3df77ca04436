import { webhookSender } from '@stellarr/http/wire'
import { describe, expect, it } from 'vitest'
import { SENDER_GUIDES, senderName } from '../src/logic/senders.ts'

describe('senders', () => {
  it('have a guide each, those that cost nothing first', () => {
    const sources = SENDER_GUIDES.map(({ source }) => source)
    expect(sources).toEqual(['sonarr', 'radarr', 'jellyfin', 'plex', 'emby'])
    expect([...sources].sort()).toEqual([...webhookSender.entries.source.options].sort())
    expect(SENDER_GUIDES.filter(({ pass }) => pass).map(({ source }) => source)).toEqual(['plex', 'emby'])
  })

  it('are called by their names', () => {
    expect(senderName('radarr')).toBe('Radarr')
    expect(senderName('jellyfin')).toBe('Jellyfin')
  })
})
