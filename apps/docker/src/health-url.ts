import type { Settings } from './settings.ts'

/** `HOST` values that mean every address: the app is then asked on its own machine. */
const EVERYWHERE = ['::', '0.0.0.0']

/** Where the app of these settings answers this machine. */
export function localUrl({ host, port }: Pick<Settings, 'host' | 'port'>): string {
  const name = host === undefined || EVERYWHERE.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

/** Where it says whether it is healthy. */
export const healthUrl = (settings: Pick<Settings, 'host' | 'port'>): string => `${localUrl(settings)}/api/health`
