import { CLOCK_SPREAD_MS, type SignInAttempts, TRIES_WINDOW_MS, turnOf } from '@stellarr/core'
import type { Connection } from '../database/connection.ts'

interface TryRow {
  id: number
  at: number
}

/** The sign-in limiter's rows in SQLite; what has expired is dropped as others come. */
export function sqliteSignInAttempts(db: Connection): SignInAttempts {
  /** Rows whose try has not ended. Those of a process that died are failed ones to the next: one at a time has the file. */
  const underWay = new Set<number>()
  const triesOf = (client: string) =>
    db.prepare<[string], TryRow>('SELECT id, at FROM sign_in_attempts WHERE client = ? ORDER BY at').all(client)
  const remove = (id: number) => db.prepare<[number], never>('DELETE FROM sign_in_attempts WHERE id = ?').run(id)

  return {
    begin: (client, now, most) =>
      db.write(() => {
        const [past, future] = [now - TRIES_WINDOW_MS, now + CLOCK_SPREAD_MS]
        db.prepare<[number, number], never>('DELETE FROM sign_in_attempts WHERE at <= ? OR at > ?').run(past, future)
        const tries = triesOf(client).map(({ id, at }) => ({ at, underWay: underWay.has(id) }))
        const turn = turnOf(tries, now, most)
        if (turn.kind !== 'begun') return turn
        const { lastInsertRowid } = db
          .prepare<[string, number], never>('INSERT INTO sign_in_attempts (client, at) VALUES (?, ?)')
          .run(client, now)
        underWay.add(Number(lastInsertRowid))
        return { ...turn, id: String(lastInsertRowid) }
      }),
    async end(client, id, end) {
      // What has failed stays as it is.
      if (!underWay.delete(Number(id)) || end === 'wrong') return
      await db.write(() => {
        remove(Number(id))
        if (end === 'right') for (const one of triesOf(client)) if (!underWay.has(one.id)) remove(one.id)
      })
    },
    useChallengeOnce: (hash, until, now) =>
      db.write(() => {
        db.prepare<[number], never>('DELETE FROM challenges WHERE until <= ?').run(now)
        return (
          db
            .prepare<[string, number], never>('INSERT OR IGNORE INTO challenges (hash, until) VALUES (?, ?)')
            .run(hash, until).changes > 0
        )
      }),
  }
}
