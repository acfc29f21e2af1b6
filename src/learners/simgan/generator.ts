import type { z } from 'zod';
import { type PolicyRef, policyRef } from '../../actors/policy.ts';
import { box } from '../../env/index.ts';
import { ppoPolicy, type ppoPolicyConfig } from '../ppo/networks.ts';
import type { Robot } from './robots.ts';

/** How a generator is built. */
export interface GeneratorOptions {
  /** Default the paper's two layers of 100. */
  readonly hidden?: readonly number[];
  /** Whether actuators and contacts have a trunk each. Default true. */
  readonly split?: boolean;
  /** Whether parameters follow from the state: else it is a search for constants. Default true. */
  readonly seesState?: boolean;
}

/**
 * The generator G(θ | s, a) as a policy of PPO's: what it sees is `[s, a]`, what it does the raw parameters of the step. As in
 * the paper's code, means start near zero (gain 0.02), and deviations follow from the state too, from exp(−0.5) on.
 */
export function generatorRef(
  robot: Robot,
  { hidden = [100, 100], split = true, seesState = true }: GeneratorOptions = {},
): PolicyRef {
  const trunks = trunksOf(robot);
  const config: z.input<typeof ppoPolicyConfig> = {
    hidden: [...hidden],
    activation: 'tanh',
    policyGain: 0.02,
    deviations: 'seen',
    initialLogStd: -0.5,
    trunks: split && trunks.length > 1 ? trunks : null,
    blind: !seesState,
  };
  return policyRef(ppoPolicy, config, {
    observation: box(robot.observations + robot.actions),
    action: box(robot.parameters.length),
  });
}

/** How many parameters each trunk gives. */
function trunksOf({ parameters }: Robot): number[] {
  const counts: number[] = [];
  parameters.forEach(({ trunk }, k) => {
    if (k > 0 && parameters[k - 1].trunk === trunk) counts[counts.length - 1]++;
    else counts.push(1);
  });
  return counts;
}
