import { describe, expectTypeOf, it } from 'vitest'
import type {
  Changed,
  ExternalIds,
  FaultCode,
  FeedName,
  Language,
  MediaRequest,
  MediaRequestRepository,
  ReadEvent,
  RequestInput,
  RequestOutcome,
  RequestOutline,
  Role,
  Storage,
  TitleKey,
  UseCases,
  WithdrawOutcome,
} from '../src/index.ts'

// What others build on. These hold when types are checked (`npm run typecheck`, and with every `npm test`).

type Rules = typeof import('../src/rules.ts')
type Answer<Method> = Method extends (...given: never[]) => infer Result ? Awaited<Result> : never
type OptionalKeys<Whole> = { [Key in keyof Whole]-?: object extends Pick<Whole, Key> ? Key : never }[keyof Whole]
type NotPromising<Port> = {
  [Key in keyof Port]: Port[Key] extends (...given: never[]) => Promise<unknown> ? never : Key
}[keyof Port]
type Promising<Functions> = {
  [Key in keyof Functions]: Functions[Key] extends (...given: never[]) => Promise<unknown> ? Key : never
}[keyof Functions]
type Ports = Omit<Storage, 'close'>

describe('titles', () => {
  it('are named by their type and TMDB id', () => {
    expectTypeOf<TitleKey>().toEqualTypeOf<{ mediaType: 'movie' | 'tv'; tmdbId: number }>()
  })

  it('lack an id of another service by not having it, never by null', () => {
    expectTypeOf<ExternalIds>().toEqualTypeOf<{ imdbId?: string; tvdbId?: number }>()
  })

  it('have texts in four languages', () => {
    expectTypeOf<Language>().toEqualTypeOf<'en' | 'es' | 'fr' | 'de'>()
  })
})

describe('ports', () => {
  it('leave no method to choice, and each answers a promise', () => {
    expectTypeOf<OptionalKeys<Storage>>().toBeNever()
    expectTypeOf<{ [Port in keyof Ports]: OptionalKeys<Ports[Port]> }[keyof Ports]>().toBeNever()
    expectTypeOf<{ [Port in keyof Ports]: NotPromising<Ports[Port]> }[keyof Ports]>().toBeNever()
  })

  it('say what is absent by undefined, and what came of it by a value', () => {
    expectTypeOf<Answer<MediaRequestRepository['find']>>().toEqualTypeOf<MediaRequest | undefined>()
    expectTypeOf<Answer<MediaRequestRepository['add']>>().toEqualTypeOf<'added' | 'exists'>()
    expectTypeOf<Answer<MediaRequestRepository['advance']>>().toEqualTypeOf<Changed | undefined>()
    expectTypeOf<Answer<MediaRequestRepository['remove']>>().toEqualTypeOf<boolean>()
    expectTypeOf<Answer<Storage['outbox']['claim']>>().toEqualTypeOf<boolean>()
  })
})

describe('use cases', () => {
  it('take plain inputs and answer outcomes that a switch can exhaust', () => {
    expectTypeOf<UseCases['requestTitle']>().toEqualTypeOf<(input: RequestInput) => Promise<RequestOutcome>>()
    expectTypeOf<RequestOutcome['kind']>().toEqualTypeOf<
      | 'added'
      | 'merged'
      | 'renewed'
      | 'exists'
      | 'unknown_title'
      | 'unknown_profile'
      | 'seasons_on_movie'
      | 'unknown_season'
    >()
    expectTypeOf<WithdrawOutcome['kind']>().toEqualTypeOf<'withdrawn' | 'not_found' | 'last_row' | 'not_yours'>()
    expectTypeOf<ReadEvent['kind']>().toEqualTypeOf<'event' | 'test' | 'ignored' | 'stray' | 'invalid'>()
  })

  it('keep to themselves what only they may do to the routing', () => {
    type Inner = 'load' | 'tagRequesters' | 'markRead' | 'unmarkRead' | 'endImport'
    expectTypeOf<Extract<keyof UseCases, Inner>>().toBeNever()
  })

  it('know two roles', () => {
    expectTypeOf<Role>().toEqualTypeOf<'household' | 'admin'>()
    expectTypeOf<RequestInput['by']>().toEqualTypeOf<{ name: string; role: Role }>()
  })
})

describe('faults', () => {
  it('have literal codes, each of which HTTP gives a meaning', () => {
    expectTypeOf<FaultCode>().toEqualTypeOf<
      | 'storage_unavailable'
      | 'row_refused'
      | 'storage_corrupt'
      | 'wrong_store'
      | 'store_checking'
      | 'store_new'
      | 'store_other'
      | 'store_older'
      | 'store_copied'
      | 'witness_damaged'
      | 'feed_emptied'
      | 'import_running'
      | 'catalog_unavailable'
      | 'catalog_key_refused'
      | 'catalog_bad_answer'
      | 'sync_unknown'
    >()
  })
})

describe('pure rules', () => {
  it('answer at once', () => {
    expectTypeOf<Promising<Rules>>().toBeNever()
  })

  it('are about the lists that clients read', () => {
    expectTypeOf<Parameters<Rules['missingId']>>().toEqualTypeOf<[feed: FeedName, request: RequestOutline]>()
    expectTypeOf<ReturnType<Rules['undeliverableBy']>>().toEqualTypeOf<FeedName[]>()
  })
})
