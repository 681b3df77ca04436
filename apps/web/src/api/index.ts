import { noteReached } from '../state/connection.ts'
import { catalogueLanguage } from '../state/preferences.ts'
import { endSession, session } from '../state/session.ts'
import { apiClient } from './client.ts'

/** The client of this app. */
export const api = apiClient({
  token: () => session.current?.token,
  language: catalogueLanguage,
  signedOut: () => endSession(true),
  reached: noteReached,
})
