import { Fault, MEDIA_TYPES, type MediaType } from '@stellarr/core'

/** A value of a closed list as stored; anything else means a damaged row. */
export function oneOf<Value extends string>(values: readonly Value[], stored: string): Value {
  const known = values.find((value) => value === stored)
  if (known === undefined) throw new Fault('storage_corrupt', 'A stored row holds a value that no version writes.')
  return known
}

export const mediaTypeOf = (stored: string): MediaType => oneOf(MEDIA_TYPES, stored)
