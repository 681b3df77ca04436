import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, call, type Deployment, freshChallenge, HOUSEHOLD, openDeployment, signIn } from './deployment.ts'

let app: Deployment
let admin: string
beforeAll(async () => {
  // Made at the start, where one is made at all: something to keep in secrets.json.
  app = await openDeployment({ EMBY_WEBHOOK_TOKEN: '' })
  admin = await signIn(app.url, 'Op', ADMIN)
})
afterAll(() => app.close())

/** On AWS the database makes backups itself. */
const IS_OWN = process.env.STELLARR_DEPLOYMENT !== 'lambda'

const ask = (json: object, token = admin) => call(app.url, '/api/admin/backup', { token, json })
/** The names of a downloaded archive's files: its headers are plain text. */
async function download(json: object) {
  const answer = await fetch(`${app.url}/api/admin/backup`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect([answer.status, answer.ok ? '' : bytes.toString()]).toEqual([200, ''])
  const tar = (await buffer(Readable.from([bytes]).pipe(createGunzip()))).toString('latin1')
  const names = ['manifest.json', 'secrets.json', 'stellarr.db'].filter((name) => tar.includes(`${name}\0`))
  return { answer, names }
}
/** A proof that no earlier one is the same as. */
function proofOf(password: string) {
  const { name: _, ...proof } = freshChallenge(app.url, password, '')
  return proof
}

it('is for the admin alone, and says whether it can be had', async () => {
  const household = await signIn(app.url)
  expect((await ask({}, household)).status).toBe(403)
  expect((await call(app.url, '/api/about', { token: household })).body.backup).toBe(IS_OWN)
})

/** A backup where the database makes them itself. */
function elsewhere() {
  it('is not there where the database makes backups itself', async () => {
    const { status, body } = await ask({})
    expect([status, body.code, body.detail]).toEqual([404, 'not_found', expect.stringContaining('point-in-time')])
  })
}

/** A backup where the store is a file. */
function here() {
  it('has no secrets, unless the admin proves their password again', async () => {
    const { answer, names } = await download({})
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/gzip')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const day = /^attachment; filename=stellarr-backup-\d{4}-\d{2}-\d{2}\.tar\.gz$/
    expect(answer.headers.get('content-disposition')).toMatch(day)
    expect(names).toEqual(['manifest.json', 'stellarr.db'])
    expect((await download({ proof: proofOf(ADMIN) })).names).toEqual(['manifest.json', 'secrets.json', 'stellarr.db'])
  })

  it('is refused for a proof that is wrong, used, of the household, or of another place', async () => {
    const used = proofOf(ADMIN)
    expect((await ask({ proof: used })).status).toBe(200)
    for (const [proof, refused] of [
      [proofOf('another-password'), [401, 'wrong_password']],
      [proofOf(HOUSEHOLD), [401, 'wrong_password']],
      [used, [401, 'challenge_used']],
      [{ ...proofOf(ADMIN), origin: 'https://elsewhere.example' }, [403, 'foreign_origin']],
      [{ ...proofOf(ADMIN), hash: 'x' }, [422, 'invalid']],
      [ADMIN, [422, 'invalid']],
    ] as const) {
      const { status, body } = await ask({ proof })
      expect([status, body.code]).toEqual(refused)
    }
    expect((await ask({ password: ADMIN })).status).toBe(422)
    expect((await call(app.url, '/api/admin/backup', { method: 'POST', token: admin })).status).toBe(422)
  })

  it('counts wrong proofs as tries to sign in', async () => {
    const answers = []
    for (let tries = 0; tries < 6; tries += 1) answers.push(await ask({ proof: proofOf('another-password') }))
    expect(answers.at(-1)?.status).toBe(429)
    expect(answers.at(-1)?.headers.get('retry-after')).toMatch(/^\d+$/)
  })
}

describe('a backup to download', IS_OWN ? here : elsewhere)
