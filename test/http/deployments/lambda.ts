import { basename } from 'node:path'
import { startAws } from '../../start-aws.ts'
import type { DeploymentKind } from './deployment-kind.ts'

/** The deployment on AWS, built, as its template describes it. */
export const lambda: DeploymentKind = {
  start: (env) => startAws(env, '127.0.0.1'),
  otherStore: (dataDir) => ({ DYNAMODB_TABLE: `${basename(dataDir)}-another` }),
  anyStore: { STORE_ID: '' },
  pagesByCdn: true,
}
