import { expect, it } from 'vitest'
import { deriveKey } from '../src/derive-key.ts'

it('derives one key from letters that are composed and from those in parts', async () => {
  const key = await deriveKey('k\u00e4sekuchen', 'http://nas', 1000)
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(await deriveKey('ka\u0308sekuchen', 'http://nas', 1000)).toBe(key)
  expect(await deriveKey('kasekuchen', 'http://nas', 1000)).not.toBe(key)
})
