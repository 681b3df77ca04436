import { currentLanguage } from '../i18n.ts'
import { endSession, session } from '../session.ts'
import { apiClient } from './client.ts'

/** The client of this app. */
export const api = apiClient({
  token: () => session.current?.token,
  language: currentLanguage,
  signedOut: () => endSession(true),
})
