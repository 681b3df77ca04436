// What is told of a failing step. Pure: nothing here runs or reads anything.

const FIRST_LINES = 60
const LAST_LINES = 20

/** The first lines of a long output, where the first finding is, and the last, where the sum is. */
export function excerpt(output) {
  const lines = output.trimEnd().split('\n')
  const left = lines.length - FIRST_LINES - LAST_LINES
  // Saying that one line is left out takes a line.
  if (left <= 1) return lines.join('\n')
  return [...lines.slice(0, FIRST_LINES), `… ${left} lines left out …`, ...lines.slice(-LAST_LINES)].join('\n')
}

/** What to do when pnpm stops since a package.json has changed and the lockfile has not; undefined for any other output. */
export function lockfileAdvice(output, packageManager) {
  if (!output.includes('ERR_PNPM_OUTDATED_LOCKFILE')) return
  return `A package.json asks for other packages than pnpm-lock.yaml has: run "npx -y ${packageManager} install" and keep both changes.`
}

/** The findings of several compilers, each once: a finding is a line and the indented ones under it. */
export function findings(outputs) {
  const all = outputs.flatMap((output) => output.trimEnd().split(/\r?\n(?=\S)/))
  return [...new Set(all)].filter((text) => text !== '')
}
