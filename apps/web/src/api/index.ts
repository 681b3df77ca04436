import { preferences } from '../preferences.ts'
import { endSession, session } from '../session.ts'
import { apiClient } from './client.ts'

/** The client of this app. */
export const api = apiClient({
  token: () => session.current?.token,
  language: () => preferences.language,
  signedOut: () => endSession(true),
})
