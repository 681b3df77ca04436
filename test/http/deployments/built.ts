import { join } from 'node:path'
import { spawnApp } from '../../spawn-app.ts'
import type { DeploymentKind, Start } from './deployment-kind.ts'

const start: Start = async (env) => {
  const app = await spawnApp({ HOST: '127.0.0.1', ...env })
  return {
    url: app.url,
    log: app.output,
    async stop() {
      const code = await app.stop()
      if (code !== 0) throw new Error(`the app ended with ${code}\n${app.output()}`)
    },
  }
}

/** The self-hosted app as it ships: the built bundle in a process of its own. */
export const built: DeploymentKind = {
  start,
  otherStore: (dataDir) => ({ DATABASE_PATH: join(dataDir, 'another.db') }),
  anyStore: {},
  pagesByCdn: false,
}
