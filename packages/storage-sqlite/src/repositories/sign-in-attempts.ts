import { MAX_TRIES, type SignInAttempts, TRIES_WINDOW_MS } from '@stellarr/core'
import type { Connection } from '../database/connection.ts'

/** The sign-in limiter's rows in SQLite; what has expired is dropped as others come. */
export function sqliteSignInAttempts(db: Connection): SignInAttempts {
  return {
    reserve: (client, now) =>
      db.write(() => {
        const since = now - TRIES_WINDOW_MS
        db.prepare<[number], never>('DELETE FROM sign_in_attempts WHERE at <= ?').run(since)
        const recent = db
          .prepare<[string, number], { at: number }>(
            'SELECT at FROM sign_in_attempts WHERE client = ? AND at > ? ORDER BY at',
          )
          .all(client, since)
        const allowed = recent.length < MAX_TRIES
        if (allowed)
          db.prepare<[string, number], never>('INSERT INTO sign_in_attempts (client, at) VALUES (?, ?)').run(
            client,
            now,
          )
        const counted = recent.length + Number(allowed)
        return { allowed, triesLeft: MAX_TRIES - counted, retryAt: (recent[0]?.at ?? now) + TRIES_WINDOW_MS }
      }),
    release: (client) =>
      db.write(() => {
        db.prepare<[string], never>(
          'DELETE FROM sign_in_attempts WHERE id = (SELECT id FROM sign_in_attempts WHERE client = ? ORDER BY at DESC, id DESC LIMIT 1)',
        ).run(client)
      }),
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
