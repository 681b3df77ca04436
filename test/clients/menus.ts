import { type FeedAnswer, intOf, jsonRows, type Row, textOf } from './answers.ts'
import type { Transport } from './list-reader.ts'
import { RADARR_USER_AGENT } from './radarr.ts'
import { SONARR_USER_AGENT } from './sonarr.ts'

/** An entry of a menu: what is kept in the list's settings, and what people see. */
export interface MenuOption {
  value: number | string
  name: string
}

const named = (row: Row, name: string): MenuOption => ({ value: intOf(row, 'id'), name: textOf(row, name) ?? '' })
const byName = (row: Row) => named(row, 'name')
/** Kept by its path, since the filter compares paths. */
function byPath(row: Row): MenuOption {
  const path = textOf(row, 'path') ?? ''
  return { value: path, name: path }
}

const RADARR_MENUS = { qualityprofile: byName, tag: (row: Row) => named(row, 'label'), rootfolder: byPath }
const SONARR_MENUS = { ...RADARR_MENUS, languageprofile: byName }
const CLIENTS = {
  radarr: { menus: RADARR_MENUS, userAgent: RADARR_USER_AGENT },
  sonarr: { menus: SONARR_MENUS, userAgent: SONARR_USER_AGENT },
}

function optionsOf({ status, text }: FeedAnswer, read: (row: Row) => MenuOption): MenuOption[] {
  if (status >= 300) throw new Error(`HTTP ${status}`)
  const rows = jsonRows(text)
  if (rows === undefined) throw new Error('no list')
  return rows.map(read).sort((a, b) => a.name.localeCompare(b.name, undefined, { sensitivity: 'base' }))
}

/**
 * Opens every menu of a program list's settings (RequestAction of RadarrImport and SonarrImport, with their proxies). A
 * menu whose answer is no list is undefined: the settings page shows an error in its place. Without a key nothing is asked.
 */
export async function openMenus(
  client: keyof typeof CLIENTS,
  { url, apiKey }: { url: string; apiKey: string },
  transport: Transport,
): Promise<Record<string, MenuOption[] | undefined>> {
  const { menus, userAgent } = CLIENTS[client]
  const opened: Record<string, MenuOption[] | undefined> = {}
  for (const [menu, read] of Object.entries(menus)) {
    const headers = { 'User-Agent': userAgent, Accept: 'application/json', 'X-Api-Key': apiKey }
    const path = `${url.replace(/\/+$/, '')}/api/v3/${menu}`
    opened[menu] =
      apiKey === ''
        ? []
        : await transport(path, headers)
            .then((found) => optionsOf(found, read))
            .catch(() => undefined)
  }
  return opened
}
