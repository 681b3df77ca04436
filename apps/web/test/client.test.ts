import { describe, expect, it } from 'vitest'
import { plainProver, webCryptoProver } from '../src/api/challenge.ts'
import { ApiError, apiClient } from '../src/api/client.ts'

function client(answer: () => Response | Promise<Response>, signedOut = () => {}) {
  const sent: Request[] = []
  const api = apiClient({
    token: () => 'a.b.c',
    language: () => 'de',
    signedOut,
    fetch: async (path, init) => {
      sent.push(new Request(new URL(String(path), 'http://localhost'), init))
      return answer()
    },
  })
  return { api, sent }
}

describe('the API client', () => {
  it('sends token, language and JSON', async () => {
    const { api, sent } = client(() => Response.json({ results: [], page: 1, total_pages: 0, total_results: 0 }))
    await api.search({ query: 'x' })
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer a.b.c')
    expect(sent[0]?.headers.get('accept-language')).toBe('de')
    expect(await sent[0]?.json()).toEqual({ query: 'x' })
  })

  it('throws the server’s code, tells when the session ended, and calls no answer offline', async () => {
    let ended = 0
    const signedOut = client(
      () => Response.json({ detail: 'Please', code: 'signed_out' }, { status: 401 }),
      () => {
        ended += 1
      },
    )
    await expect(signedOut.api.about()).rejects.toMatchObject({ status: 401, code: 'signed_out', message: 'Please' })
    expect(ended).toBe(1)
    await expect(client(() => Promise.reject(new TypeError('no'))).api.feeds()).rejects.toMatchObject({
      code: 'offline',
    })
    await expect(client(() => new Response('<html>', { status: 502 })).api.feeds()).rejects.toBeInstanceOf(ApiError)
    await expect(client(() => new Response('<html>')).api.feeds()).rejects.toMatchObject({ code: 'no_answer' })
  })
})

describe('the household’s status', () => {
  it('comes with its tag, and not at all when it is known', async () => {
    const body = { library: { movie: [], tv: [] }, requests: [] }
    const { api, sent } = client(() => Response.json(body, { headers: { etag: 'W/"r1"' } }))
    expect(await api.libraryStatus(['movie/603', 'tv/1'])).toEqual({ tag: 'W/"r1"', status: body })
    expect(sent[0]?.cache).toBe('no-store')
    expect(sent[0]?.url).toMatch(/\/api\/library-status\?keys=movie\/603,tv\/1$/)
    const known = client(() => new Response(null, { status: 304 }))
    expect(await known.api.libraryStatus([], 'W/"r1"')).toBeUndefined()
    expect(known.sent[0]?.headers.get('if-none-match')).toBe('W/"r1"')
  })
})

describe('the sign-in proof', () => {
  it('is the same with and without Web Crypto', async () => {
    const [web, plain] = await Promise.all([
      webCryptoProver('pässword', 'http://nas:8080', 1000),
      plainProver('pässword', 'http://nas:8080', 1000, () => {}),
    ])
    expect(await web.prove(1_700_000_000)).toBe(await plain.prove(1_700_000_000))
    expect(await web.prove(1_700_000_000)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is the same for letters that are composed and for those in parts', async () => {
    const [composed, ...inParts] = await Promise.all([
      webCryptoProver('k\u00e4sekuchen', 'http://nas', 1000),
      webCryptoProver('ka\u0308sekuchen', 'http://nas', 1000),
      plainProver('ka\u0308sekuchen', 'http://nas', 1000, () => {}),
    ])
    const proofs = await Promise.all(inParts.map((prover) => prover.prove(1)))
    expect(new Set(proofs)).toEqual(new Set([await composed.prove(1)]))
  })
})
