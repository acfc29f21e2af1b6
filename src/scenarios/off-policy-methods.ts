import { policyRef } from '../actors/policy.ts';
import type { DqnConfig } from '../learners/dqn/config.ts';
import { dqnLearner } from '../learners/dqn/learner.ts';
import { dqnPolicy, dqnPolicyConfig } from '../learners/dqn/networks.ts';
import type { SacConfig } from '../learners/sac/config.ts';
import { sacLearner } from '../learners/sac/learner.ts';
import { sacPolicy, sacPolicyConfig } from '../learners/sac/networks.ts';
import type { Td3Config } from '../learners/td3/config.ts';
import { td3Learner } from '../learners/td3/learner.ts';
import { td3Policy, td3PolicyConfig } from '../learners/td3/networks.ts';
import type { OffPolicyMethod } from './off-policy.ts';

/** Soft actor-critic, for `castOffPolicy`. */
export const sacMethod = (sac: SacConfig): OffPolicyMethod => ({
  policy: spaces => policyRef(sacPolicy, sacPolicyConfig.strip().parse(sac), spaces),
  spawn: (system, config, options) => system.spawn(sacLearner, { ...config, sac }, options),
});

/** Twin delayed DDPG, for `castOffPolicy`. */
export const td3Method = (td3: Td3Config): OffPolicyMethod => ({
  policy: spaces => policyRef(td3Policy, td3PolicyConfig.strip().parse(td3), spaces),
  spawn: (system, config, options) => system.spawn(td3Learner, { ...config, td3 }, options),
});

/** Deep Q-networks, for `castOffPolicy`: exploration is the share of random actions. */
export const dqnMethod = (dqn: DqnConfig): OffPolicyMethod => ({
  policy: spaces => policyRef(dqnPolicy, dqnPolicyConfig.strip().parse(dqn), spaces),
  spawn: (system, config, options) => system.spawn(dqnLearner, { ...config, dqn }, options),
});
