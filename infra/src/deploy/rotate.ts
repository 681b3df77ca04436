import { makePassword, makeToken } from '@stellarr/http/make-secrets'
import { deploymentParameter, ORIGIN_PARAMETER, settingsParameter } from '../deployment.ts'
import { choicesText, originMark, readChoices } from './choices.ts'
import type { Surroundings } from './deploy.ts'
import { usableStack } from './ground.ts'
import type { Options } from './options.ts'
import { Refusal } from './refusal.ts'
import {
  isToken,
  type Rotated,
  readSettingsDocument,
  settingOf,
  storedNames,
  writeSettings,
} from './settings-document.ts'

/** Functions read their settings again after five minutes; with this all of them have. */
const SETTINGS_SECONDS = 310
const TICK_SECONDS = 30

type Agrees = (question: string) => Promise<boolean>

/** A secret whose old value ends at once. */
const REPLACED: Partial<Record<Rotated, { after: string; make?: () => string; question?: string }>> = {
  password: {
    make: makePassword,
    question: 'New password of the household (empty: one is made):',
    after: 'Within five minutes everybody of the household has to sign in again.',
  },
  admin: {
    make: makePassword,
    question: 'New password of the admin (empty: one is made):',
    after: 'Within five minutes admins have to sign in again.',
  },
  'app-key': { make: makeToken, after: 'Within five minutes everybody has to sign in again.' },
  tmdb: { question: 'TMDB key (themoviedb.org → Settings → API):', after: 'It is used within five minutes.' },
  tvdb: { question: 'TVDB key (thetvdb.com):', after: 'It is used within five minutes.' },
}

/**
 * Renews one secret. Tokens have two values until `--finish`; the CDN's secret gets its new value on both sides one after
 * the other, so that no request fails.
 * @param sleep waits so many seconds
 */
export async function rotate(
  options: Options & { rotate: Rotated },
  surroundings: Surroundings,
  sleep: (seconds: number) => Promise<void>,
): Promise<void> {
  const { aws, talk, env } = surroundings
  const parameter = settingsParameter(options)
  const text = await aws.parameter(parameter)
  if (text === undefined)
    throw new Refusal(`There is no deployment named ${options.name} in ${aws.region}: deploy it first.`)
  const settings = readSettingsDocument(parameter, text)
  const name = settingOf(options.rotate)
  const store = async (value: string) => {
    for (const one of storedNames(settings, name)) settings[one] = value
    await aws.writeParameter(parameter, writeSettings(settings), 'SecureString')
  }
  /** Asks before anything is stored; a dry run says what would be. */
  const agrees: Agrees = async (question) => {
    if (!options.dryRun) return talk.confirm(question)
    talk.say(`${question} Nothing was done (--dry-run).`)
    return false
  }
  const [first = '', ...others] = (settings[storedNames(settings, name)[0] ?? name] ?? '').split(',')

  if (options.finish) {
    if (!isToken(name)) throw new Refusal(`rotate ${options.rotate}: only tokens have an old value to end.`)
    if (others.length === 0) return talk.say(`${name} has one value: nothing to end.`)
    if (!(await agrees(`End the old ${name}? Clients that still use it are turned away.`))) return
    await store(first)
    return talk.say(`The old ${name} ends within five minutes.`)
  }

  if (options.rotate === 'origin') {
    return rotateOrigin(options, surroundings, [first, ...others], { agrees, store, sleep })
  }

  if (isToken(name)) {
    if (others.length > 0) {
      throw new Refusal(
        `${name} has two values already: give clients the new one, then "rotate ${options.rotate} --finish".`,
      )
    }
    if (!(await agrees(`Make a new ${name}? The old one stays valid until --finish.`))) return
    await store([makeToken(), first].filter((value) => value !== '').join(','))
    return talk.say(
      `Within five minutes ${name} has a new value, which the app shows to the admin, and the old one still works. Give it to the clients, then "npm run deploy:aws -- rotate ${options.rotate} --finish".`,
    )
  }

  const how = REPLACED[options.rotate]
  // What can be made is never taken from the environment: a .env file still has the value of the first day.
  const given = how?.make ? undefined : env[name]?.trim() || undefined
  const isNew = given !== undefined && given !== settings[name]
  const asked = isNew || options.dryRun ? undefined : how?.question
  const typed = isNew ? given : (asked && (await talk.ask(asked, { secret: true }))) || undefined
  const value = typed ?? how?.make?.()
  if (value === undefined && !options.dryRun) {
    throw new Refusal(`${name}: set it in the environment, or run this at a terminal.`)
  }
  const isAgreed = await agrees(`Replace ${name}${isNew ? ' by the value of the environment' : ''}?`)
  if (!isAgreed || value === undefined) return
  await store(value)
  if (typed === undefined && name.endsWith('_PASSWORD')) talk.say(`New password: ${value}`)
  talk.say(how?.after)
}

async function rotateOrigin(
  options: Options,
  surroundings: Surroundings,
  values: readonly string[],
  {
    agrees,
    store,
    sleep,
  }: { agrees: Agrees; store(value: string): Promise<void>; sleep(seconds: number): Promise<void> },
): Promise<void> {
  const { aws, talk } = surroundings
  const choices = readChoices(deploymentParameter(options), await aws.parameter(deploymentParameter(options)))
  const stack = await usableStack(surroundings, aws.region, options.name)
  if (!choices || !stack || stack.status === 'LEFT') {
    throw new Refusal(`There is no deployment named ${options.name} in ${aws.region}: deploy it first.`)
  }
  talk.say('The API learns the new secret, then the CDN, then the API forgets the old one: about ten minutes.')
  if (!(await agrees('Do this?'))) return
  // Of one that was cut off both are stored: the CDN may know either, so it goes on with them.
  const [fresh = '', old = ''] = values.length > 1 ? values : [makeToken(), ...values]
  await store(`${fresh},${old}`)
  for (let left = SETTINGS_SECONDS; left > 0; left -= TICK_SECONDS) {
    talk.say(`  ${left} s until every function has read it`)
    await sleep(Math.min(left, TICK_SECONDS))
  }
  talk.say('The CDN learns it (some minutes)…')
  await aws.setStackParameter(aws.region, options.name, ORIGIN_PARAMETER, fresh)
  await store(fresh)
  await aws.writeParameter(deploymentParameter(options), choicesText(choices, originMark(fresh)), 'String')
  talk.say('The old secret ends within five minutes.')
}
