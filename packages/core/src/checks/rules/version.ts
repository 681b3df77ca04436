import type { Check } from './check.ts'

/** The program itself: its version, and settings that have another name today. */
export function versionChecks(version: string, renamed: readonly string[]): Check[] {
  const settings = { id: 'settings', group: 'version', state: 'works' } as const
  return [
    { id: 'version', group: 'version', state: 'works', facts: { version } },
    renamed.length === 0
      ? { ...settings, facts: {} }
      : { ...settings, code: 'renamed', facts: { renamed: renamed.length }, nextStep: renamed.join(' ') },
  ]
}
