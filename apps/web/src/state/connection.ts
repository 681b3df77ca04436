import { reactive } from 'vue'

/** Whether the server was reached at the last call, and how far its clock is ahead of this device's (ms). */
export const connection = reactive({ online: navigator.onLine, clockAhead: 0 })

/** Told by the API client after every call. */
export function noteReached(reached: boolean): void {
  connection.online = reached
}

/** The server's time, epoch ms: a phone's own clock may be off. */
export const serverNow = () => Date.now() + connection.clockAhead

/** Learns the server's time. @param unixSeconds what it says now */
export function noteServerTime(unixSeconds: number): void {
  const ahead = unixSeconds * 1000 - Date.now()
  // Within a minute it is the line's delay, not a wrong clock.
  connection.clockAhead = Math.abs(ahead) > 60_000 ? ahead : 0
}

/** Follows the browser's own events; `back` is called when the network returns. */
export function watchConnection(back: () => void): void {
  window.addEventListener('offline', () => noteReached(false))
  window.addEventListener('online', back)
}
