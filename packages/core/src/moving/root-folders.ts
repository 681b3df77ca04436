import type { MediaRequest } from '../requests/index.ts'
import { FEED_SETTINGS, mergeFeedSettings, parseFeedSettings } from '../routing/index.ts'
import type { HouseStorage } from './ports.ts'

/**
 * Root folders that come from another store have other ids in this one. Gives a request that comes the id of its folder
 * here, or none where the folder is not known: then it has its profile's.
 * @param feeds the routing of the store that it comes from
 */
export async function foldersHere(
  { settings }: Pick<HouseStorage, 'settings'>,
  feeds: string | undefined,
): Promise<(request: MediaRequest) => MediaRequest> {
  const there = parseFeedSettings(feeds)
  const stored = parseFeedSettings(await settings.get(FEED_SETTINGS))
  const merged = feeds === undefined ? undefined : mergeFeedSettings(stored, there)
  const { rootFolders } = merged ?? stored
  return (request) => {
    if (request.rootFolderId === undefined) return request
    const { rootFolderId, ...rest } = request
    const path = there.rootFolders[rootFolderId - 1]
    const place = path === undefined ? -1 : rootFolders.indexOf(path)
    return place < 0 ? rest : { ...rest, rootFolderId: place + 1 }
  }
}
