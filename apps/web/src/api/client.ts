import type {
  AboutAnswer,
  ActivityAnswer,
  AdminSettingsAnswer,
  AdminSettingsBody,
  AuthParams,
  BackupBody,
  DeletionAnswer,
  DeletionBody,
  ErrorAnswer,
  FeedName,
  FeedPreviewAnswer,
  FeedReadersAnswer,
  FeedsAnswer,
  LibraryStatusAnswer,
  NewReaderKeyAnswer,
  NoticesAnswer,
  PushDoneAnswer,
  PushKeyAnswer,
  PushStatusAnswer,
  PushSubscribeBody,
  QualityProfilesAnswer,
  ReaderKeyBody,
  ReaderKeysAnswer,
  RefusedAnswer,
  RequestAnswer,
  RequestBody,
  RequestsAnswer,
  SearchAnswer,
  SearchBody,
  TitleAnswer,
  TitleKeysAnswer,
  TrendingAnswer,
  VerifyAnswer,
  VerifyBody,
  WebhooksAnswer,
  WithdrawAnswer,
} from '@stellarr/http/wire'

type TitleService = TitleKeysAnswer['keys'][number]['service']

/** A call that did not succeed. `code` is the server's literal, or `offline` when there was no answer at all. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly answer: Partial<ErrorAnswer>

  constructor(status: number, code: string, answer: Partial<ErrorAnswer>) {
    super(answer.detail ?? code)
    this.status = status
    this.code = code
    this.answer = answer
  }
}

export interface ClientOptions {
  token: () => string | undefined
  /** The catalogue's language. */
  language: () => string
  /** Called when the server no longer accepts the token. */
  signedOut: () => void
  /** Told after every call whether the server was reached. */
  reached?: (reached: boolean) => void
  fetch?: typeof fetch
}

interface CallOptions {
  method?: string
  body?: unknown
  signal?: AbortSignal | undefined
  /** Answer's ETag that is known: 304 then answers undefined. */
  known?: string | undefined
}

/** Household data under its ETag. */
export interface TaggedStatus {
  tag: string | undefined
  status: LibraryStatusAnswer
}

/** The server's API, typed; every method throws `ApiError`. */
export function apiClient({ token, language, signedOut, reached, fetch: send = fetch }: ClientOptions) {
  async function respond(path: string, options: CallOptions): Promise<Response> {
    const isApi = path.startsWith('/api/')
    const headers: Record<string, string> = isApi ? { 'accept-language': language() } : {}
    const mine = isApi ? token() : undefined
    if (mine !== undefined) headers.authorization = `Bearer ${mine}`
    if (options.body !== undefined) headers['content-type'] = 'application/json'
    if (options.known !== undefined) headers['if-none-match'] = options.known
    try {
      const response = await send(path, {
        method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
        headers,
        // Answers of the API must not outlive a sign-out in the browser's own cache; the trending files are public.
        ...(isApi ? { cache: 'no-store' as const } : {}),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      })
      reached?.(true)
      return response
    } catch {
      if (!options.signal?.aborted) reached?.(false)
      throw new ApiError(0, 'offline', {})
    }
  }

  async function read<Answer>(response: Response): Promise<Answer> {
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok && answer !== undefined) return answer as Answer
    const error: Partial<ErrorAnswer> = answer !== null && typeof answer === 'object' ? answer : {}
    const code = error.code ?? 'no_answer'
    if (code === 'signed_out') signedOut()
    throw new ApiError(response.status, code, error)
  }

  const call = async <Answer>(path: string, options: CallOptions = {}) => read<Answer>(await respond(path, options))

  return {
    authParams: () => call<AuthParams>('/api/auth/params'),
    verify: (body: VerifyBody) => call<VerifyAnswer>('/api/auth/verify', { body }),
    search: (body: SearchBody, signal?: AbortSignal) => call<SearchAnswer>('/api/search', { body, signal }),
    title: (type: string, id: string, signal?: AbortSignal) =>
      call<TitleAnswer>(`/api/title/${encodeURIComponent(type)}/${encodeURIComponent(id)}`, { signal }),
    trending: (kind: string) => call<TrendingAnswer>(`/trending-${kind}-${language()}.json`),
    /**
     * What the household has and requested of these titles (`movie/603`), with what became last of one's own requests;
     * undefined when nothing has changed since what `known` stands for.
     */
    async libraryStatus(keys: readonly string[], known?: string): Promise<TaggedStatus | undefined> {
      const response = await respond(`/api/library-status?keys=${keys.join(',')}`, { known })
      if (response.status === 304) return undefined
      return { tag: response.headers.get('etag') ?? undefined, status: await read<LibraryStatusAnswer>(response) }
    },
    /** A page of the requests. */
    requests: (wanted: Record<string, string>, signal?: AbortSignal) =>
      call<RequestsAnswer>(`/api/requests?${new URLSearchParams(wanted)}`, { signal }),
    request: (body: RequestBody) => call<RequestAnswer>('/api/request', { body }),
    withdraw: (type: string, id: number) => call<WithdrawAnswer>(`/api/request/${type}/${id}`, { method: 'DELETE' }),
    /** "Notify me", and no longer. */
    follow: (type: string, id: number, follows: boolean) =>
      call<RequestAnswer>(`/api/request/${type}/${id}/follow`, { method: follows ? 'POST' : 'DELETE' }),
    activity: () => call<ActivityAnswer>('/api/activity'),
    /** Programs that were refused within a day; the admin's. */
    refused: () => call<RefusedAnswer>('/api/admin/refused'),
    webhooks: () => call<WebhooksAnswer>('/api/webhooks'),
    pushKey: () => call<PushKeyAnswer>('/api/push/vapid-public-key'),
    subscribePush: (body: PushSubscribeBody) => call<unknown>('/api/push/subscribe', { body }),
    unsubscribePush: (endpoint: string) =>
      call<unknown>('/api/push/subscribe', { method: 'DELETE', body: { endpoint } }),
    pushStatus: (endpoint: string) =>
      call<PushStatusAnswer>(`/api/push/status?endpoint=${encodeURIComponent(endpoint)}`),
    testPush: (endpoint: string) => call<PushDoneAnswer>('/api/push/test', { body: { endpoint } }),
    feeds: () => call<FeedsAnswer>('/api/feeds'),
    feedReaders: () => call<FeedReadersAnswer>('/api/feeds/readers'),
    /** What a client would take from a list, whole or by a profile's id. */
    feedPreview: (feed: FeedName, profile?: number) =>
      call<FeedPreviewAnswer>(`/api/feeds/preview?feed=${feed}${profile === undefined ? '' : `&profile=${profile}`}`),
    qualityProfiles: () => call<QualityProfilesAnswer>('/api/quality-profiles'),
    about: () => call<AboutAnswer>('/api/about'),
    notices: () => call<NoticesAnswer>('/api/admin/notices'),
    titleKeys: () => call<TitleKeysAnswer>('/api/admin/title-keys'),
    setTitleKey: (service: TitleService, key: string) =>
      call<TitleKeysAnswer>(`/api/admin/title-keys/${service}`, { method: 'PUT', body: { key } }),
    removeTitleKey: (service: TitleService) =>
      call<TitleKeysAnswer>(`/api/admin/title-keys/${service}`, { method: 'DELETE' }),
    adminSettings: () => call<AdminSettingsAnswer>('/api/admin/settings'),
    saveAdminSettings: (body: AdminSettingsBody) =>
      call<AdminSettingsAnswer>('/api/admin/settings', { method: 'PATCH', body }),
    readerKeys: () => call<ReaderKeysAnswer>('/api/admin/tokens'),
    makeReaderKey: (body: ReaderKeyBody) => call<NewReaderKeyAnswer>('/api/admin/tokens', { body }),
    /** Ends a reader's keys, or only the older of two. */
    endReaderKey: (id: string, which: 'all' | 'old') =>
      call<unknown>(`/api/admin/tokens/${encodeURIComponent(id)}${which === 'old' ? '?old=true' : ''}`, {
        method: 'DELETE',
      }),
    /** Forgets a reader that will not come back. */
    forgetReader: (id: string) => call<unknown>(`/api/admin/readers/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    /** What becomes of titles that were deleted in great number. */
    answerDeletions: (body: DeletionBody) => call<DeletionAnswer>('/api/admin/deletions', { body }),
    /** Makes a backup: the file and its name. */
    async backup(body: BackupBody): Promise<{ name: string; file: Blob }> {
      const response = await respond('/api/admin/backup', { body })
      if (!response.ok) return read(response)
      const [, name = 'stellarr-backup.tar.gz'] =
        /filename="?([\w.-]+)/.exec(response.headers.get('content-disposition') ?? '') ?? []
      const file = await response.blob().catch(() => {
        throw new ApiError(0, 'offline', {})
      })
      return { name, file }
    },
    confirmStore: () => call<unknown>('/api/admin/confirm-store', { method: 'POST' }),
    /** Deletes a request for good; the admin has confirmed it. */
    removeForGood: (type: string, id: number) =>
      call<unknown>(`/api/admin/request/${type}/${id}?confirm=true`, { method: 'DELETE' }),
  }
}

export type ApiClient = ReturnType<typeof apiClient>
