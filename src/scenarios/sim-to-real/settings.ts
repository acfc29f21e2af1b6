import { type PolicyRef, policyRef } from '../../actors/policy.ts';
import { box, describeEnvironment } from '../../env/index.ts';
import { type PpoConfig, ppoConfig } from '../../learners/ppo/config.ts';
import { ppoPolicy, ppoPolicyConfig } from '../../learners/ppo/networks.ts';
import { generatorRef } from '../../learners/simgan/generator.ts';
import { type Robot, robotOf } from '../../learners/simgan/robots.ts';
import { ppoOf } from './budgets.ts';
import type { SimToRealOptions } from './options.ts';

/** What is trained in a run, and how. */
export interface Plan {
  readonly robot: Robot;
  /** Of every policy, of the generator, and of the one that sees nothing. */
  readonly policy: PolicyRef;
  readonly generator: PolicyRef;
  readonly constant: PolicyRef;
  /** PPO by what it trains. */
  readonly ppo: Readonly<Record<'source' | 'identify' | 'refine', PpoConfig>>;
  /** Fine-tuning’s, with so many copies. */
  fineTuning(copies: number): PpoConfig;
  /** Steps of an iteration. */
  readonly iteration: number;
}

/** The plan that options lead to. */
export async function planOf(options: SimToRealOptions): Promise<Plan> {
  const { environments, horizon, policyHidden, generatorHidden } = options;
  const robot = robotOf(options.robot);
  const common = {
    ...{ environments, horizon, activation: 'tanh', gamma: 0.99, lambda: 0.95, clip: 0.2 },
    ...{ minibatch: minibatchOf(environments * horizon), epochs: 5, learningRate: 3e-4 },
    normalizeRewards: true,
  } as const;
  const source = ppoConfig.parse({
    ...{ ...common, hidden: policyHidden, initialLogStd: -0.5 },
    ...{ learningRate: 1e-3, learningRateSchedule: 'linear' },
    ...ppoOf[options.robot].source,
  });
  const refine = ppoConfig.parse({
    ...{ ...common, hidden: policyHidden, initialLogStd: options.refineLogStd },
    learningRateSchedule: 'linear',
    ...ppoOf[options.robot].refine,
  });
  const generator = generatorRef(robot, { hidden: generatorHidden });
  const { actionSpace } = await describeEnvironment(robot.in('source'));
  return {
    robot,
    policy: policyRef(ppoPolicy, ppoPolicyConfig.strip().parse(source), {
      observation: box(robot.observations),
      action: actionSpace,
    }),
    generator,
    constant: generatorRef(robot, { hidden: generatorHidden, seesState: false }),
    ppo: {
      source,
      // The paper's 3e-4 is for runs that are three times as long.
      identify: ppoConfig.parse({
        ...{ ...common, ...generator.config },
        ...{ learningRate: 1e-3, learningRateSchedule: 'constant' },
      }),
      refine,
    },
    fineTuning: copies =>
      ppoConfig.parse({ ...refine, environments: copies, minibatch: minibatchOf(copies * horizon, 256) }),
    iteration: environments * horizon,
  };
}

/** The largest divisor of a batch that is at most `most`. */
function minibatchOf(rows: number, most = 512): number {
  let size = Math.min(rows, most);
  while (rows % size !== 0) size--;
  return size;
}
