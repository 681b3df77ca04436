import type { Check } from './rules/check.ts'
import type { TitleKeyFacts } from './rules/titles.ts'

/** What one deployment alone knows of itself. */
export interface DeploymentChecks {
  baseUrls: readonly string[]
  /** Whom push services may write to. */
  pushSubject: string
  /** Asks the services of titles about their keys. Never rejects. */
  titleKeys(): Promise<TitleKeyFacts[]>
  /** Its own things: files, room, backups, clock, version. Never rejects. */
  others(): Promise<Check[]>
}
