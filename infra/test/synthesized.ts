import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Template } from 'aws-cdk-lib/assertions'
import { DEFAULTS, type Deployment } from '../src/deployment.ts'
import { type Synthesized, synthesize } from '../src/synth.ts'

export const PLAIN: Deployment = { ...DEFAULTS, account: '111111111111', region: 'eu-central-1' }
export const FULL: Deployment = {
  ...PLAIN,
  waf: true,
  alarmEmail: 'ann@example.org',
  domain: { name: 'films.example.org', zoneId: 'Z0123456789', zoneName: 'example.org' },
}

/** Synthesizes over small functions of our own, so that no build is needed. Everything lies below one folder. */
export function synthesizeWith(deployment: Deployment, code: Partial<Record<'api' | 'daily' | 'layer', string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'stellarr-infra-'))
  const artefact = (name: 'api' | 'daily' | 'layer') => {
    const path = join(folder, name)
    mkdirSync(path)
    writeFileSync(join(path, 'index.mjs'), code[name] ?? `export const of = '${name}'\n`)
    return path
  }
  const artefacts = { api: artefact('api'), daily: artefact('daily'), layer: artefact('layer') }
  const result: Synthesized = synthesize(deployment, { outdir: join(folder, 'cdk'), artefacts })
  return { ...result, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The properties of the one resource of a type whose logical id begins so. Throws when there is none, or another. */
export function only(template: Template, type: string, prefix = ''): Record<string, unknown> {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(prefix))
  if (found.length !== 1) throw new Error(`${found.length} of ${type} ${prefix}`)
  return found[0]?.[1].Properties
}

/** Every file of a folder by path. */
export function filesOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = paths.filter((path) => statSync(join(folder, path)).isFile())
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}
