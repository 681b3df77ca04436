import type { Route } from '../route.ts'
import { activityRoutes } from './activity.ts'
import { adminRoutes } from './admin.ts'
import { adminSettingsRoutes } from './admin-settings.ts'
import { backupRoutes } from './backup.ts'
import { catalogueRoutes } from './catalogue.ts'
import { checkRoutes } from './checks.ts'
import { deletionRoutes } from './deletions.ts'
import { feedRoutes } from './feeds.ts'
import { householdRoutes } from './household.ts'
import { libraryRoutes } from './library.ts'
import { listRoutes } from './lists.ts'
import { programListRoutes } from './program-lists.ts'
import { pushRoutes } from './push.ts'
import { readerKeyRoutes } from './reader-keys.ts'
import { requestRoutes } from './requests.ts'
import { requestPageRoutes } from './requests-page.ts'
import { serverRoutes } from './server.ts'
import { signInRoutes } from './sign-in.ts'
import { titleKeyRoutes } from './title-keys.ts'
import { webhookRoutes } from './webhooks.ts'

/** Every route of the server but the public files (see site.ts), in the order of the API's description. */
export const ROUTES: readonly Route[] = [
  ...serverRoutes,
  ...checkRoutes,
  ...signInRoutes,
  ...catalogueRoutes,
  ...householdRoutes,
  ...requestPageRoutes,
  ...requestRoutes,
  ...feedRoutes,
  ...activityRoutes,
  ...pushRoutes,
  ...adminRoutes,
  ...adminSettingsRoutes,
  ...backupRoutes,
  ...titleKeyRoutes,
  ...deletionRoutes,
  ...readerKeyRoutes,
  ...listRoutes,
  ...programListRoutes,
  ...webhookRoutes,
  ...libraryRoutes,
]
