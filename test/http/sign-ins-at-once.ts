import { type Answer, call, challenge, HOUSEHOLD } from './deployment.ts'

const verify = (url: string, json: object, headers: Record<string, string> = {}) =>
  call(url, '/api/auth/verify', { json, headers })

/**
 * Signs in with the household's password so many times at once, each with a proof of its own.
 * @param newest when the newest proof was made, epoch ms; the others are older by a second each, down to five minutes
 */
export function rightAtOnce(url: string, count: number, newest: number): Promise<Answer[]> {
  const bodies = Array.from({ length: count }, (_, n) => challenge(url, HOUSEHOLD, 'Ann', newest - n * 1000))
  return Promise.all(bodies.map((body) => verify(url, body)))
}

/** A sign-in with a proof of no password, another for each number below 256. */
export function wrongSignIn(url: string, n: number, { from, ...more }: { from?: string; as?: string } = {}) {
  const made = challenge(url, 'not the password', 'Ann')
  const hash = made.hash.replace(/^../, n.toString(16).padStart(2, '0'))
  return verify(url, { ...made, ...more, hash }, from === undefined ? {} : { 'x-forwarded-for': from })
}

/** The same so many times at once, each claiming to be another client. */
export const wrongAtOnce = (url: string, count: number): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => wrongSignIn(url, n, { from: `10.0.0.${n}` })))
