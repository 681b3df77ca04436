import type { Context, LambdaFunctionURLResult } from 'aws-lambda'
import { asViewerCalled, isFromCdn, NOT_FROM_CDN } from './from-cdn.ts'
import type { Api } from './open-api.ts'
import { type ApiSettings, readApiSettings } from './settings.ts'
import { settingsSource } from './settings-source.ts'

const currentSettings = settingsSource(readApiSettings)
let opened: { settings: ApiSettings; api: Promise<Api> } | undefined

/** The API as a Function URL's handler; for a request that did not come through the CDN nothing more is loaded. */
export async function handler(event: unknown, context: Context): Promise<LambdaFunctionURLResult> {
  const settings = await currentSettings()
  if (!isFromCdn(event, settings.originSecrets)) return NOT_FROM_CDN
  if (opened?.settings !== settings) {
    opened?.api.then((before) => before.close())
    opened = { settings, api: import('./open-api.ts').then(({ openApi }) => openApi(settings)) }
  }
  const api = await opened.api
  return api.answer(asViewerCalled(event), context)
}
