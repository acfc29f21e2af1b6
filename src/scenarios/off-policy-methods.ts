import { policyRef } from '../actors/policy.ts';
import type { SacConfig } from '../learners/sac/config.ts';
import { sacLearner } from '../learners/sac/learner.ts';
import { sacPolicy, sacPolicyConfig } from '../learners/sac/networks.ts';
import type { OffPolicyMethod } from './off-policy.ts';

/** Soft actor-critic, for `castOffPolicy`. */
export const sacMethod = (sac: SacConfig): OffPolicyMethod => ({
  policy: spaces => policyRef(sacPolicy, sacPolicyConfig.strip().parse(sac), spaces),
  spawn: (system, config, options) => system.spawn(sacLearner, { ...config, sac }, options),
});
