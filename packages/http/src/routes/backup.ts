import { HttpError } from '../http-error.ts'
import { provePassword } from '../prove-password.ts'
import { route } from '../route.ts'
import { backupBody, type NoticesAnswer } from '../wire/index.ts'

const NOTICES = {
  skipped:
    'The nightly backup was skipped: the disk has too little room. Make room, or set BACKUP_DIR to another disk.',
  failed: 'The nightly backup failed. The log says why.',
}

/** What the admin should know of the last nightly backup. */
export function backupNotices(last: 'made' | 'skipped' | 'failed' | undefined): NoticesAnswer['notices'] {
  return last === undefined || last === 'made' ? [] : [{ code: `backup_${last}`, detail: NOTICES[last] }]
}

/** A backup to keep elsewhere. */
export const backupRoutes = [
  route({
    method: 'post',
    path: '/api/admin/backup',
    summary: 'Makes a backup and gives it as a file; with keys and passwords for the admin password alone.',
    access: 'admin',
    body: backupBody,
    errors: [400, 401, 403, 404, 415, 422, 429, 503],
    async send({ req, res, body: { proof }, session }, deps) {
      const { backups } = deps.options
      if (!backups) {
        const detail = 'Backups are made by the database here: point-in-time recovery, or an export.'
        throw new HttpError(404, 'not_found', detail)
      }
      if (proof) await provePassword(req, { ...proof, name: session.name, as: 'admin' }, deps)
      await backups.make(proof !== undefined, (file) => res.attachment(file).type('application/gzip'))
    },
  }),
]
