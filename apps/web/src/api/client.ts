import type {
  AuthParams,
  ErrorAnswer,
  FeedsAnswer,
  LibraryStatusAnswer,
  NoticesAnswer,
  RequestAnswer,
  RequestBody,
  RequestsAnswer,
  SearchAnswer,
  SearchBody,
  TitleAnswer,
  TrendingAnswer,
  VerifyAnswer,
  VerifyBody,
  WithdrawAnswer,
} from '@stellarr/http/wire'

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
  language: () => string
  /** Called when the server no longer accepts the token. */
  signedOut: () => void
  fetch?: typeof fetch
}

/** The server's API, typed; every method throws `ApiError`. */
export function apiClient({ token, language, signedOut, fetch: send = fetch }: ClientOptions) {
  async function call<Answer>(
    path: string,
    options: { method?: string; body?: unknown; signal?: AbortSignal | undefined } = {},
  ): Promise<Answer> {
    const headers: Record<string, string> = { 'accept-language': language() }
    const mine = token()
    if (mine !== undefined) headers.authorization = `Bearer ${mine}`
    if (options.body !== undefined) headers['content-type'] = 'application/json'
    let response: Response
    try {
      response = await send(path, {
        method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
        headers,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      })
    } catch {
      throw new ApiError(0, 'offline', {})
    }
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok && answer !== undefined) return answer as Answer
    const error: Partial<ErrorAnswer> = answer !== null && typeof answer === 'object' ? answer : {}
    const code = error.code ?? 'no_answer'
    if (code === 'signed_out') signedOut()
    throw new ApiError(response.status, code, error)
  }

  return {
    authParams: () => call<AuthParams>('/api/auth/params'),
    verify: (body: VerifyBody) => call<VerifyAnswer>('/api/auth/verify', { body }),
    search: (body: SearchBody, signal?: AbortSignal) => call<SearchAnswer>('/api/search', { body, signal }),
    title: (type: string, id: string) =>
      call<TitleAnswer>(`/api/title/${encodeURIComponent(type)}/${encodeURIComponent(id)}`),
    trending: (kind: string) => call<TrendingAnswer>(`/trending-${kind}-${language()}.json`),
    libraryStatus: () => call<LibraryStatusAnswer>('/api/library-status'),
    request: (body: RequestBody) => call<RequestAnswer>('/api/request', { body }),
    requests: () => call<RequestsAnswer>('/api/requests'),
    withdraw: (type: string, id: number) => call<WithdrawAnswer>(`/api/request/${type}/${id}`, { method: 'DELETE' }),
    feeds: () => call<FeedsAnswer>('/api/feeds'),
    notices: () => call<NoticesAnswer>('/api/operator/notices'),
    confirmStore: () => call<unknown>('/api/operator/confirm-store', { method: 'POST' }),
  }
}
