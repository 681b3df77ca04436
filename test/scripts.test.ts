import { describe, expect, it } from 'vitest'
import { excerpt, findings, lockfileAdvice } from '../scripts/excerpt.mjs'
import { partsOf, programsFor } from '../scripts/parts.mjs'

const linesUpTo = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`)

describe('what is told of a failing step', () => {
  it('is all of a short output', () => {
    expect(excerpt(`${linesUpTo(80).join('\n')}\n`)).toBe(linesUpTo(80).join('\n'))
    expect(excerpt(linesUpTo(81).join('\n'))).toBe(linesUpTo(81).join('\n'))
    expect(excerpt('')).toBe('')
  })

  it('is the first 60 and the last 20 lines of a long one', () => {
    const told = excerpt(linesUpTo(404).join('\n')).split('\n')
    expect(told).toHaveLength(81)
    expect(told.slice(59, 62)).toEqual(['line 60', '… 324 lines left out …', 'line 385'])
    expect(told.at(-1)).toBe('line 404')
  })

  it('is what to do about a lockfile that a package.json has left behind', () => {
    const output =
      ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date'
    expect(lockfileAdvice(output, 'pnpm@1.2.3')).toContain('"npx -y pnpm@1.2.3 install"')
    expect(lockfileAdvice('ERR_PNPM_FETCH_404', 'pnpm@1.2.3')).toBeUndefined()
  })

  it('is each finding of several compilers once, with what belongs to it', () => {
    const first = 'a.ts(1,2): error TS2322: No.\n  Types differ.\n    Here.\n'
    expect(findings([first, `${first}b.ts(3,4): error TS1: No.\n`, ''])).toEqual([
      first.trimEnd(),
      'b.ts(3,4): error TS1: No.',
    ])
  })
})

describe('the parts of a run', () => {
  it('are those that its arguments lie in', () => {
    expect(partsOf(['packages/core', './apps/web/test/a.test.ts', 'infra', '-u', 'packages/core/test'])).toEqual([
      'packages/core',
      'apps/web',
      'infra',
    ])
    expect(partsOf(['-t', 'seasons', 'sign-in', 'infrared'])).toEqual([])
  })

  it('have their types checked by their own programs, everything by as few as keep their promises', () => {
    expect(programsFor(['packages/core', 'test'])).toEqual(['packages/core', '.'])
    expect(programsFor([])).toEqual(['.', 'packages/core', 'apps/web'])
  })
})
