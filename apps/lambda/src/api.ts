import type { Context, LambdaFunctionURLResult } from 'aws-lambda'
import { asViewerCalled, isFromCdn, NOT_FROM_CDN } from './from-cdn.ts'
import type { Api } from './open-api.ts'
import { type ApiSettings, readApiSettings } from './settings.ts'
import { settingsSource } from './settings-source.ts'

const currentSettings = settingsSource(readApiSettings)
let opened: { settings: ApiSettings; api: Api } | undefined

/** The API as a Function URL's handler; for a request that did not come through the CDN nothing more is loaded. */
export async function handler(event: unknown, context: Context): Promise<LambdaFunctionURLResult> {
  const settings = await currentSettings()
  if (!isFromCdn(event, settings.originSecrets)) return NOT_FROM_CDN
  if (opened?.settings !== settings) {
    const before = opened
    const { openApi } = await import('./open-api.ts')
    opened = { settings, api: openApi(settings) }
    await before?.api.close()
  }
  return opened.api.answer(asViewerCalled(event), context)
}
