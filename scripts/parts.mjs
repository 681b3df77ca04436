// What of the repository a part run is about. Pure: nothing here runs or reads anything.

const PART = /^(?:\.\/)?((?:packages|apps)\/[\w-]+|infra|test)(?:\/|$)/

/** The packages, apps and folders of tests that the arguments of a run name; none when it is about everything. */
export const partsOf = (args) => [...new Set(args.flatMap((arg) => PART.exec(arg)?.[1] ?? []))]

/** The programs (folders with a tsconfig.json) whose types a run about these parts checks. */
export function programsFor(parts) {
  // Core's own program knows no Node, so that core cannot use it; the one at the root holds everything but the web app.
  if (parts.length === 0) return ['.', 'packages/core', 'apps/web']
  return parts.map((part) => (part === 'test' ? '.' : part))
}
