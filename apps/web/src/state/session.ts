import { reactive } from 'vue'
import { forgetSeen, SESSION_KEY as KEY } from './last-seen.ts'

/** Who is signed in on this device. */
export interface Session {
  token: string
  name: string
  role: 'household' | 'admin'
}

function stored(): Session | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    if (value !== null && typeof value === 'object' && 'token' in value && 'name' in value) {
      // `operator`: what the admin was called when the session began.
      const isAdmin = 'role' in value && (value.role === 'admin' || value.role === 'operator')
      const role = isAdmin ? 'admin' : 'household'
      return { token: String(value.token), name: String(value.name), role }
    }
  } catch {
    // A damaged entry is no session.
  }
  return undefined
}

/**
 * The session of this tab; `ended` is true after the server refused the token; `lastName` is offered at sign-in. `person`
 * is another number for another name: pages that are kept aside belong to one person.
 */
export const session = reactive<{
  current: Session | undefined
  ended: boolean
  lastName: string
  person: number
}>({ current: stored(), ended: false, lastName: '', person: 0 })
let nameBefore = session.current?.name

/** Keeps a fresh session on this device. */
export function startSession(fresh: Session): void {
  if (fresh.name !== nameBefore) session.person += 1
  nameBefore = fresh.name
  session.current = fresh
  session.ended = false
  localStorage.setItem(KEY, JSON.stringify(fresh))
}

/** Forgets the session and all that was last seen in it; `ended` when it was the server that refused it. */
export function endSession(ended: boolean): void {
  session.lastName = session.current?.name ?? ''
  session.current = undefined
  session.ended = ended
  localStorage.removeItem(KEY)
  forgetSeen()
}

/** Follows what other tabs do: signing in or out there counts here too. */
export function followOtherTabs(): void {
  window.addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) session.current = stored()
  })
}
