import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Lets a rule of cdk-nag pass for one construct, and says why. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason })
}
