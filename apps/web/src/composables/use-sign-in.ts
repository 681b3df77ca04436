import { cleanName, MAX_ITERATIONS, MIN_ITERATIONS } from '@stellarr/core/rules'
import type { PasswordProof } from '@stellarr/http/wire'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { plainProver, webCryptoProver } from '../api/challenge.ts'
import { ApiError } from '../api/client.ts'
import { explainError } from '../logic/explain-error.ts'
import { api } from '../state/api.ts'
import { noteServerTime } from '../state/connection.ts'
import { startSession } from '../state/session.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Proving a password, as at sign-in: derives the proof, tries a used challenge once more, and puts failures into words. */
export function useSignIn() {
  const { t } = useI18n()
  const busy = ref(false)
  const progress = ref<number>()
  const problem = ref('')
  /** How far the server's clock is ahead of this device's, ms. */
  let serverAhead = 0

  function explain(error: unknown, as: 'admin' | undefined): string {
    if (error instanceof ApiError && error.code === 'wrong_password') {
      return t(as ? 'admin.wrong' : 'signIn.wrong', error.answer.tries_left ?? 0)
    }
    if (error instanceof ApiError && error.code === 'too_many_tries') {
      const wait = Date.parse(error.answer.retry_at ?? '') - Date.now() - serverAhead
      // A few seconds: others of the same address were just trying.
      return t('signIn.limited', wait < 10_000 ? 0 : Math.ceil(wait / 60_000))
    }
    return explainError(error, t)
  }

  /**
   * Does `work` and answers its result; undefined when it failed, which `problem` says.
   * @param as whose password it is about, where only one will do
   */
  async function attempt<Result>(work: () => Promise<Result>, as?: 'admin'): Promise<Result | undefined> {
    busy.value = true
    problem.value = ''
    try {
      return await work()
    } catch (error) {
      problem.value = explain(error, as)
      return undefined
    } finally {
      busy.value = false
      progress.value = undefined
    }
  }

  /**
   * Sends a proof of the password. The server's clock is used for the challenge: a phone's own may be off.
   * @param as whose password it is, where only one will do
   */
  const prove = <Answer>(password: string, send: (proof: PasswordProof) => Promise<Answer>, as?: 'admin') =>
    attempt(async () => {
      const { iterations, now } = await api.authParams()
      serverAhead = now * 1000 - Date.now()
      noteServerTime(now)
      if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) throw new Error('iterations out of range')
      const { origin } = location
      const prover = crypto.subtle
        ? await webCryptoProver(password, origin, iterations)
        : await plainProver(password, origin, iterations, (done) => {
            progress.value = done
          })
      const sendNow = async () => {
        const timestamp = Math.floor((Date.now() + serverAhead) / 1000)
        return send({ origin, timestamp, hash: await prover.prove(timestamp) })
      }
      return sendNow().catch(async (error: unknown) => {
        // Somebody signed in within the same second: the next second makes another challenge.
        if (!(error instanceof ApiError) || error.code !== 'challenge_used') throw error
        await pause(1_100)
        return sendNow()
      })
    }, as)

  /** True when it worked. @param as whose password it is, where only one will do */
  async function signIn(name: string, password: string, as?: 'admin'): Promise<boolean> {
    if (cleanName(name) === undefined) {
      // The server would refuse it too, after the device has worked for seconds.
      problem.value = t('error.bad_name')
      return false
    }
    const answer = await prove(password, (proof) => api.verify({ ...proof, name, as }), as)
    if (answer) startSession({ token: answer.token, name: answer.name, role: answer.role })
    return answer !== undefined
  }

  return { busy, progress, problem, attempt, prove, signIn }
}
