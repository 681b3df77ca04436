/** One start of a deployment with the given settings. */
export interface Started {
  url: string
  /** Everything it wrote to its log so far. */
  log(): string
  stop(): Promise<void>
}
export type Start = (env: Record<string, string>) => Promise<Started>

/** One way to run the app. */
export interface DeploymentKind {
  start: Start
  /** Settings that point it at another store than the one it used. */
  otherStore(dataDir: string): Record<string, string>
  /** Settings that say nothing of which store they are for. */
  anyStore: Record<string, string>
  /** Its pages are a CDN's, which speaks https alone and says so, whatever line stands for it here. */
  pagesByCdn: boolean
}
