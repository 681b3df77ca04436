import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { hasCode } from '@stellarr/http/program'

/** A user and a group, by number. */
interface Ids {
  user: number
  group: number
}

/** Who runs this program; undefined on Windows, which has no such numbers. */
function ownIds(): Ids | undefined {
  const [user, group] = [process.getuid?.(), process.getgid?.()]
  return user === undefined || group === undefined ? undefined : { user, group }
}

/** Whose a path is, or what holds it where it is still to be made. */
function ownerOf(path: string): Ids {
  if (!existsSync(path)) return ownerOf(dirname(path))
  const { uid, gid } = statSync(path)
  return { user: uid, group: gid }
}

/**
 * What to do about a path that the system did not let us use.
 * @param code what the system said: `EACCES`
 * @param ids who runs this, and whose the path is
 * @returns a sentence that names both and a command; undefined where rights are not what is wrong
 */
export function permissionAdvice(
  path: string,
  code: string,
  { own, owner }: { own: Ids | undefined; owner: Ids } = { own: ownIds(), owner: ownerOf(path) },
): string | undefined {
  if (code === 'EROFS') return 'It lies on a file system that can only be read.'
  if ((code !== 'EACCES' && code !== 'EPERM') || own === undefined) return undefined
  const where = `${path} (for a container, on the folder that is mounted there)`
  if (own.user === owner.user) {
    return `It belongs to this user (${own.user}), who may not use it: run chmod -R u+rwX ${where}.`
  }
  const chown = `run chown -R ${own.user}:${own.group} ${where}`
  // Nobody should run it as root.
  const other =
    owner.user === 0 ? '' : `, or run Stellarr as that user (in Docker, user: "${owner.user}:${owner.group}")`
  return `It belongs to user ${owner.user}, and Stellarr runs as user ${own.user}: ${chown}${other}.`
}

/** The first of some files that is there and cannot be both read and written, with what to do; undefined for none. */
export function unusable(paths: readonly string[]): { path: string; advice: string } | undefined {
  for (const path of paths.filter((one) => existsSync(one))) {
    try {
      accessSync(path, constants.R_OK | constants.W_OK)
    } catch (error) {
      const advice = hasCode(error) ? permissionAdvice(path, error.code) : undefined
      if (advice !== undefined) return { path, advice }
    }
  }
  return undefined
}
