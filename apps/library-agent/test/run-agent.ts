import { runAgent } from '../src/agent.ts'
import { API_KEY, PLEX_TOKEN, SYNC_TOKEN } from './servers.ts'

/** The tokens, as the environment gives them. */
export const TOKENS = { SYNC_TOKEN, PLEX_TOKEN, JELLYFIN_API_KEY: API_KEY, EMBY_API_KEY: API_KEY }

/** Runs the agent in this process, without its pauses; answers what it wrote and how long it would have paused. */
export async function run(
  args: string[],
  { env = {}, stop = new AbortController() }: { env?: Record<string, string>; stop?: AbortController } = {},
) {
  let out = ''
  let err = ''
  const pauses: number[] = []
  const code = await runAgent({
    args,
    version: '0.0.0-test',
    env: { ...TOKENS, ...env },
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    stop: stop.signal,
    sleep: async (ms) => void pauses.push(ms),
  })
  const leaked = Object.values(TOKENS).filter((token) => (out + err).includes(token))
  if (leaked.length > 0) throw new Error(`the output holds ${leaked.join(', ')}`)
  return { code, out, err, pauses }
}
