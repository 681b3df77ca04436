import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { MediaEvent, ReadEvent } from '@stellarr/core'
import { expect } from 'vitest'

const SAMPLES = new URL('../../../../shared/fixtures/', import.meta.url)

/** Whether samples of real senders lie beside the repository. */
export const haveSamples = existsSync(SAMPLES)

/** The bytes of a sample. */
export const sampleBytes = (path: string): Buffer => readFileSync(new URL(path, SAMPLES))

/** The samples of a folder by name, parsed. */
export function samples(folder: string): Record<string, unknown> {
  const names = readdirSync(new URL(`${folder}/`, SAMPLES)).filter((name) => name.endsWith('.json'))
  return Object.fromEntries(
    names.map((name) => [name.replace('.json', ''), JSON.parse(sampleBytes(`${folder}/${name}`).toString('utf8'))]),
  )
}

/** The event that was read; fails when there is none. */
export function eventOf(read: ReadEvent): MediaEvent {
  if (read.kind !== 'event') throw new Error(`not an event: ${JSON.stringify(read)}`)
  return read.event
}

/** Reads every sample of a folder and compares it, by name, with what each must become. */
export function expectAll(folder: string, read: (body: unknown) => ReadEvent, expected: Record<string, unknown>): void {
  const got = Object.fromEntries(Object.entries(samples(folder)).map(([name, body]) => [name, read(body)]))
  expect(got).toEqual(expected)
}

export const anEvent = (event: Partial<MediaEvent>) => ({ kind: 'event', event })
export const isIgnored = (reason: string) => ({ kind: 'ignored', reason: expect.stringContaining(reason) })
