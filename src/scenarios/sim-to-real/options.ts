import { z } from 'zod';
import { engineNames } from '../../env/rapier/engine.ts';
import { robotNames, robots } from '../../learners/simgan/robots.ts';
import { type Budget, budgets } from './budgets.ts';
import { armNames } from './results.ts';

const whole = (value: number) => z.number().int().positive().default(value);
const told = (name: keyof Budget): string =>
  `Default: ${robotNames.map(robot => `${budgets[robot][name]} (${robot})`).join(', ')}.`;
const counted = (name: keyof Budget, what: string, least = 1) =>
  z
    .number()
    .int()
    .min(least)
    .optional()
    .describe(`${what} ${told(name)}`);
const deviation = (name: keyof Budget, what: string) =>
  z
    .number()
    .optional()
    .describe(`${what} ${told(name)}`);
const widths = z.array(z.number().int().positive()).default([64, 64]);
const targets = [...new Set(Object.values(robots).flatMap(({ targets }) => targets))] as [
  string,
  ...string[],
];

/** What `--set` may change of sim-to-real. */
export const options = z
  .strictObject({
    robot: z.enum(robotNames).default('cart-pole').describe('Who is to act in the target.'),
    target: z
      .enum(targets)
      .default('weak')
      .describe(
        'What differs from the source: `weak` motors, a `heavy` robot, motors with back-EMF (`emf`), or a soft floor (`deform`). ' +
          robotNames.map(robot => `${robot}: ${robots[robot].targets.join(', ')}.`).join(' '),
      ),
    identifications: whole(1).describe(
      'Seeds of collecting, identifying and refining. Source, randomisation and oracle are trained once.',
    ),
    rounds: z
      .union([z.literal(1), z.literal(2)])
      .default(1)
      .describe(
        '2: half of the data is collected by the source policy, half by the one refined with the first half.',
      ),
    trajectories: counted('trajectories', 'Episodes collected from the target, over all rounds.'),
    testEpisodes: counted('testEpisodes', 'Episodes in the target that each policy is judged by.', 2),
    arms: z
      .array(z.enum(armNames))
      .default([...armNames])
      .describe('Which ways to a policy are gone. SimGAN and zero-shot always are.'),

    environments: counted('environments', 'Environment copies that PPO collects from.'),
    horizon: counted('horizon', 'Steps of every copy between two updates.', 2),
    sourceIterations: counted('sourceIterations', 'Updates of the source policy.'),
    identifyIterations: counted('identifyIterations', 'Updates of the generator.'),
    refineIterations: counted(
      'refineIterations',
      'Updates of a policy in the hybrid simulator, each round; domain randomisation has all of these and those of the source.',
    ),
    oracleIterations: counted('oracleIterations', 'Updates of the oracle, in the target.'),
    policyHidden: widths.describe('Layers of policies and their critics.'),
    generatorHidden: widths.describe(
      'Layers of the generator’s trunks and its critic. The paper has 100, 100.',
    ),
    discriminatorHidden: widths.describe('Layers of the discriminator. The paper has 100, 100.'),
    discriminatorSteps: whole(60).describe('Minibatches of the discriminator an update of the generator.'),
    discriminatorBatch: whole(256).describe('Rows of them, real and fake each.'),

    behaviorLogStd: deviation(
      'behaviorLogStd',
      'Logarithm of the deviation of actions while collecting and identifying.',
    ),
    refineLogStd: deviation('refineLogStd', 'The same that refining, fine-tuning and the oracle start with.'),
    engine: z
      .enum(engineNames)
      .default('simd')
      .describe('Rapier build: fast, or the same bits on every machine.'),
  })
  .superRefine((told, context) => {
    const { robot, target, rounds } = told;
    const { trajectories = budgets[robot].trajectories, environments = budgets[robot].environments } = told;
    const expect = (holds: boolean, path: string, message: string): void => {
      if (!holds) context.addIssue({ code: 'custom', path: [path], message });
    };
    const { targets } = robots[robot];
    expect(targets.includes(target), 'target', `expected one of ${targets.join(', ')} for robot ${robot}`);
    // Half of what the source policy has collected trains the classifier that judges, the other half is judged.
    expect(
      trajectories % rounds === 0 && trajectories >= 2 * rounds,
      'trajectories',
      rounds === 1 ? 'expected at least 2' : 'expected as many episodes in each round, at least 2',
    );
    // Each round's policy behaves in some copy while the next is identified.
    expect(environments >= rounds, 'environments', `expected at least ${rounds}, as many as rounds`);
  });

type Told = z.output<typeof options>;
/** The options, parsed, with the robot's budget where none was told. */
export type SimToRealOptions = Omit<Told, keyof Budget> & Budget;

/** Fills in the robot's budget. */
export function withBudget(told: Told): SimToRealOptions {
  const set = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  return { ...budgets[told.robot], ...set } as SimToRealOptions;
}
