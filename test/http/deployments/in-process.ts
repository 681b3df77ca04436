import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { readSettings } from '../../../apps/docker/src/settings.ts'
import { startApp } from '../../../apps/docker/src/start.ts'
import type { DeploymentKind, Start } from './deployment-kind.ts'

const start: Start = async (env) => {
  const siteDir = mkdtempSync(join(tmpdir(), 'stellarr-site-'))
  writeFileSync(join(siteDir, 'index.html'), '<!doctype html><title>Stellarr</title>')
  writeFileSync(join(siteDir, 'library-agent.mjs'), '#!/usr/bin/env node\n')
  const lines: string[] = []
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  const app = await startApp(readSettings({ PORT: '0', HOST: '127.0.0.1', ...env }), { version: '0.0.0-test', siteDir })
  return {
    url: `http://127.0.0.1:${app.port}`,
    log: () => lines.join(''),
    async stop() {
      await app.stop()
      stdout.mockRestore()
      rmSync(siteDir, { recursive: true, force: true })
    },
  }
}

/** The self-hosted app from its sources, in this process: quick, and needs no build. */
export const inProcess: DeploymentKind = {
  start,
  otherStore: (dataDir) => ({ DATABASE_PATH: join(dataDir, 'another.db') }),
  anyStore: {},
  pagesByCdn: false,
}
