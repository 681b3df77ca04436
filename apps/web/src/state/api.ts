import { apiClient } from '../api/client.ts'
import { noteReached } from './connection.ts'
import { catalogueLanguage } from './preferences.ts'
import { endSession, session } from './session.ts'

/** The client of this app. */
export const api = apiClient({
  token: () => session.current?.token,
  language: catalogueLanguage,
  signedOut: () => endSession(true),
  reached: noteReached,
})
