import { describe, expect, it } from 'vitest'
import { applyEvent, isListed, type MediaRequest, type RequestEvent, renewRequest, taggedNames } from '../src/index.ts'
import { lastLost } from '../src/rules.ts'
import { aMovieRequest, aSeriesRequest } from '../src/testing/builders.ts'

const hd = { id: 'hd.t1', tokens: ['t1'] }
const uhd = { id: '4k.t1', tokens: ['t1'] }

/** What a client says, one after another, from `at` on. */
function after(request: MediaRequest, ...events: Partial<RequestEvent>[]): MediaRequest {
  return events.reduce<MediaRequest>((present, event, n) => {
    const at = 2e12 + n
    return applyEvent(present, { status: 'available', source: 'radarr', at, now: at, ...event }).request
  }, request)
}

const summary = ({ status, kept, lost }: MediaRequest) => ({ status, kept, lost: lost !== undefined })

describe('a movie whose file is lost', () => {
  it('is looked for again when a client has named it, else it is requested as before', () => {
    const lost = after(aMovieRequest(), { client: hd }, { status: 'lost', client: hd })
    expect(summary(lost)).toEqual({ status: 'picked_up', kept: undefined, lost: true })
    expect([isListed(lost), lastLost(lost)?.at]).toEqual([true, 2e12 + 1])
    const nobodys = after(aMovieRequest(), { source: 'sync' }, { source: 'sync', status: 'lost' })
    expect(summary(nobodys)).toEqual({ status: 'pending', kept: undefined, lost: true })
  })

  it('is named by a client also where only its statements of before tell so', () => {
    const old = aMovieRequest({
      status: 'available',
      addedAt: 1,
      statements: [{ status: 'available', source: 'radarr', at: 1 }],
    })
    expect(after(old, { source: 'sync', status: 'lost' }).status).toBe('picked_up')
    const elsewhere = after(old, { status: 'lost', elsewhere: true })
    expect(summary(elsewhere)).toEqual({ status: 'available', kept: undefined, lost: true })
    expect(elsewhere.statements).toEqual([])
    expect(after(elsewhere, { source: 'sync', status: 'lost' }).status).toBe('picked_up')
  })

  it('is here again with the next arrival, and has come only once', () => {
    const lost = after(aMovieRequest(), { client: hd }, { status: 'downloading', client: hd }, { status: 'lost' })
    const back = after(lost, { client: hd, at: 3e12 })
    expect([summary(back), back.addedAt]).toEqual([{ status: 'available', kept: undefined, lost: false }, 2e12])
    const elsewhere = after(aMovieRequest(), {}, { status: 'lost', elsewhere: true }, { source: 'plex', at: 3e12 })
    expect(elsewhere.lost).toBeUndefined()
  })

  it('never came, or is gone: nothing is missing', () => {
    expect(after(aMovieRequest(), { status: 'lost', client: hd })).toMatchObject({ status: 'pending' })
    const gone = after(aMovieRequest(), { client: hd }, { status: 'gone', client: hd }, { status: 'lost', client: hd })
    expect(summary(gone)).toEqual({ status: 'gone', kept: undefined, lost: false })
  })
})

describe('a title that a client deletes', () => {
  it('is gone when that client alone spoke of it', () => {
    const gone = after(aMovieRequest(), { client: hd }, { status: 'gone', client: hd })
    expect([gone.status, isListed(gone)]).toEqual(['gone', false])
  })

  it('stays listed while another that took it on has not given it up', () => {
    const both = after(aMovieRequest(), { client: hd }, { status: 'picked_up', client: uhd })
    const one = after(both, { status: 'gone', client: uhd, at: 3e12 })
    expect(summary(one)).toEqual({ status: 'available', kept: undefined, lost: true })
    expect(after(one, { status: 'gone', client: hd, at: 3e12 + 1 }).status).toBe('gone')
    const other = after(both, { status: 'gone', client: hd, at: 3e12 })
    expect(summary(other)).toEqual({ status: 'picked_up', kept: undefined, lost: true })
    const kept = after(both, { status: 'gone', client: hd, filesKept: true, at: 3e12 })
    expect(summary(kept)).toEqual({ status: 'available', kept: undefined, lost: false })
    expect(after(other, { status: 'gone', client: uhd, at: 3e12 + 1 }).status).toBe('gone')
  })

  it('was taken on again by a client that speaks of it anew', () => {
    const again = after(
      aMovieRequest(),
      { status: 'picked_up', client: hd },
      { status: 'picked_up', client: uhd },
      { status: 'gone', client: uhd },
      { status: 'downloading', client: uhd },
      { status: 'gone', client: hd },
    )
    expect(again.status).toBe('downloading')
  })

  it('stays listed when others may have had it before it was requested', () => {
    const gone = after(aMovieRequest(), { client: hd }, { status: 'gone', client: hd, othersUnknown: true })
    expect(gone.status).toBe('picked_up')
  })

  it('is the same client’s by another token once the one of before is valid no more', () => {
    const taken = after(aMovieRequest(), { status: 'picked_up', client: hd })
    expect(after(taken, { status: 'gone', client: { id: 'hd.t2', tokens: ['t2'] } }).status).toBe('gone')
    expect(after(taken, { status: 'gone', client: { id: 'hd.t2', tokens: ['t1', 't2'] } }).status).toBe('picked_up')
    expect(after(taken, { status: 'gone', client: { id: '4k.t2', tokens: ['t2'] } }).status).toBe('picked_up')
  })

  it('keeps what another client has of a series, and loses it with the last', () => {
    const parts = [1, 2].map((episodeNumber) => ({ seasonNumber: 1, episodeNumber }))
    const sonarr = { source: 'sonarr' as const }
    const both = after(
      aSeriesRequest({ seasons: [1] }),
      { ...sonarr, client: hd, parts },
      { ...sonarr, client: uhd, parts },
    )
    for (const event of [
      { ...sonarr, status: 'lost' as const, client: uhd, parts },
      { ...sonarr, status: 'gone' as const, client: uhd },
    ]) {
      const one = after(both, { ...event, at: 3e12 })
      expect([one.status, one.seasonState[1]?.here?.episodes]).toEqual(['partly_available', 2])
    }
    const none = after(
      both,
      { ...sonarr, status: 'gone', client: uhd, at: 3e12 },
      { ...sonarr, status: 'lost', client: hd, parts, at: 3e12 + 1 },
    )
    expect([none.status, none.seasonState[1]?.here, lastLost(none)?.at]).toEqual(['picked_up', undefined, 3e12 + 1])
    expect(after(none, { ...sonarr, status: 'gone', client: hd, at: 3e12 + 2 }).status).toBe('gone')
  })
})

describe('a series that two clients have', () => {
  it('loses what both have told to be lost, as by one disk of both', () => {
    const parts = [1, 2].map((episodeNumber) => ({ seasonNumber: 1, episodeNumber }))
    const by = (client: typeof hd, status: 'available' | 'lost') => ({
      source: 'sonarr' as const,
      client,
      status,
      parts,
    })
    const both = after(aSeriesRequest({ seasons: [1] }), by(hd, 'available'), by(uhd, 'available'), by(hd, 'lost'))
    expect(both.status).toBe('partly_available')
    const none = after(both, { ...by(uhd, 'lost'), at: 3e12 })
    expect([none.status, lastLost(none)?.at]).toEqual(['picked_up', 3e12])
  })
})

describe('what is gone and stays listed', () => {
  const gone = after(aMovieRequest(), { client: hd }, { status: 'gone', client: hd, kept: 'last_row' })

  it('is gone for people and in the lists until it is said otherwise, comes again or is requested again', () => {
    expect([summary(gone), isListed(gone)]).toEqual([{ status: 'gone', kept: 'last_row', lost: false }, true])
    expect(isListed(after(gone, { status: 'kept' }))).toBe(false)
    for (const event of [{ client: hd }, { status: 'picked_up' as const, client: hd }]) {
      expect(after(gone, { ...event, at: 3e12 })).not.toHaveProperty('kept')
    }
    const renewed = renewRequest(gone, { by: 'Bob', at: 3e12, qualityProfileId: 9, rootFolderId: 9 }).request
    expect(renewed).toMatchObject({ status: 'pending', qualityProfileId: gone.qualityProfileId, requestedBy: 'Bob' })
    expect([renewed.kept, renewed.clients, renewed.rootFolderId]).toEqual([undefined, undefined, undefined])
    expect(taggedNames(renewed)).toEqual(['Bob', 'Ann'])
  })

  it('is listed again by its reason, and only while it is gone', () => {
    const left = after(gone, { status: 'kept' }, { status: 'kept', kept: 'many_deletions' })
    expect(summary(left)).toMatchObject({ status: 'gone', kept: 'many_deletions' })
    expect(after(aMovieRequest(), { status: 'kept', kept: 'last_row' })).toEqual(aMovieRequest())
  })
})
