import type { MediaEventSource } from '@stellarr/core'

/** A sender as people call it: `Radarr`. */
export const senderName = (source: MediaEventSource): string => source.charAt(0).toUpperCase() + source.slice(1)
