/** A field of unknown input; undefined when there is none or nothing that could have one. */
export function fieldOf(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
}
