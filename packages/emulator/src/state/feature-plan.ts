import { CognitoFault } from '../shared/faults.ts'
import type { Pool } from './pool.ts'

/** Developer Guide: cognito-sign-in-feature-plans. */
export function needsEssentials(tier: unknown, feature: string): void {
  if (tier !== 'LITE') return
  throw new CognitoFault('FeatureUnavailableInTierException', `${feature} needs the Essentials or the Plus plan.`)
}

export const tierOf = (pool: Pool) => pool.settings.recorded.UserPoolTier
