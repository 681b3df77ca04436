import { beforeEach, describe, expect, it, vi } from 'vitest'
import { stubLocalStorage } from './browser-storage.ts'

describe('the session of a device', () => {
  beforeEach(() => vi.resetModules())

  it.each([
    ['admin', 'admin'],
    ['operator', 'admin'],
    ['household', 'household'],
    ['somebody', 'household'],
  ])('that was kept with the role %s is one of the %s', async (kept, role) => {
    stubLocalStorage().setItem('stellarr.session', JSON.stringify({ token: 'a-token', name: 'Ann', role: kept }))
    const { session } = await import('../src/state/session.ts')
    expect(session.current).toEqual({ token: 'a-token', name: 'Ann', role })
  })
})
