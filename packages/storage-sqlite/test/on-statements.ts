import Sqlite from 'better-sqlite3'

/** Calls `each` with a number that rises from 1 before every statement that any connection of this process comes to. */
export function onStatements(each: (number: number) => void): { undo(): void } {
  let number = 0
  const undoings = (['prepare', 'exec', 'pragma'] as const).map((name) => {
    const original = Sqlite.prototype[name]
    Reflect.set(Sqlite.prototype, name, function (this: Sqlite.Database, ...args: Parameters<typeof original>) {
      number += 1
      each(number)
      return Reflect.apply(original, this, args)
    })
    return () => Reflect.set(Sqlite.prototype, name, original)
  })
  return {
    undo() {
      for (const undo of undoings) undo()
    },
  }
}
