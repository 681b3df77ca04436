/** The things of a list that has been arranged, as they are now; those that have left it are left out. */
export function inOrder<Thing>(
  order: readonly string[],
  things: readonly Thing[],
  nameOf: (thing: Thing) => string,
): Thing[] {
  const byName = new Map(things.map((thing) => [nameOf(thing), thing]))
  return order.flatMap((name) => byName.get(name) ?? [])
}

/**
 * The order with newcomers let in and nobody else moved: each stands before the one that follows it in `wanted`, of those
 * that are there.
 */
export function letIn(order: readonly string[], wanted: readonly string[]): string[] {
  const known = new Set(order)
  const result = [...order]
  let place = result.length
  for (const name of [...wanted].reverse()) {
    if (known.has(name)) place = result.indexOf(name)
    else result.splice(place, 0, name)
  }
  return result
}
