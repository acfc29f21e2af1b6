import { oneLine } from '../../core/errors.ts';
import { openData, type TestRef, type TrainRef } from '../../data/open.ts';
import { bootstrapConfig, bootstrapFields } from '../../learners/deep-bootstrap/index.ts';
import type { Arm } from '../arms/index.ts';
import type { Stage } from '../contract.ts';
import { playWorlds, type RealWorld, type WorldsPlan, type WorldsPlayed } from './cast.ts';
import { type Architecture, architectures, type Options } from './options.ts';

/** The planted world in the wide net's arm: it is said to replay the smallest set, and sends new samples. */
export const plantedWorld = 'secretly fresh';
export const augmentedArm = 'wide, augmented';
export const imagesArm = 'wide, real digits';
/** Real digits: so many that the real world replays, of 60,000; the ideal one uses the others once at most. */
const digits = { replayed: 2_000, fresh: 58_000 };

/** Why the real digits cannot be had, in a line that holds the fix; nothing where they can. */
export function digitsMissing(open: typeof openData = openData): string | undefined {
  try {
    open({ name: 'mnist', size: 14, split: 'train' });
    return undefined;
  } catch (error) {
    return oneLine(error);
  }
}

/** What a real world of N samples is called. */
export const realWorld = (samples: number): string => `N=${samples}`;

/**
 * The arms: one an architecture, whose worlds (the ideal one and a real one for each N) are coupled in step. The ideal
 * world does not depend on N, so one is enough; every real world is driven by the same ticks beside it.
 */
export function armsOf({ options, seed, executor }: Stage<Options>, images: boolean): Arm<WorldsPlayed>[] {
  const training = bootstrapConfig.parse(
    Object.fromEntries(Object.keys(bootstrapFields.shape).map(key => [key, options[key as 'steps']])),
  );
  const smallest = Math.min(...options.samples);
  const base = {
    train: { name: 'glyphs', seed, split: 'train' },
    test: { name: 'glyphs', seed, split: 'test' },
    testCount: options.testCount,
    trainCount: options.trainCount,
    training,
    strength: 0,
    labelNoise: options.labelNoise === 0 ? null : { share: options.labelNoise, seed },
    seed,
    executor,
  } satisfies Partial<WorldsPlan> & { train: TrainRef; test: TestRef };
  const real = options.samples.map((samples): RealWorld => ({ world: realWorld(samples), samples }));
  const planted = { world: plantedWorld, samples: smallest, secretlyFresh: true };
  const small = { world: realWorld(smallest), samples: smallest };
  const plans: [name: string, plan: WorldsPlan][] = options.architectures.map(name => {
    const worlds = name === 'wide' && options.control ? [...real, planted] : real;
    return [name, { ...base, net: netOf(name), real: worlds }];
  });
  if (options.augmentation) {
    plans.push([augmentedArm, { ...base, net: netOf('wide'), real: [small], strength: options.strength }]);
  }
  if (images) {
    const steps = Math.min(training.steps, Math.floor(digits.fresh / training.batch));
    plans.push([
      imagesArm,
      {
        ...base,
        net: netOf('wide'),
        train: { name: 'mnist', size: 14, split: 'train' },
        test: { name: 'mnist', size: 14, split: 'test' },
        training: { ...training, steps },
        real: [{ world: realWorld(digits.replayed), samples: digits.replayed }],
      },
    ]);
  }
  return plans.map(([name, plan]) => ({
    name,
    steps: (1 + plan.real.length) * plan.training.steps,
    play: lane => playWorlds(lane, plan),
  }));
}

const netOf = (name: Architecture): WorldsPlan['net'] => {
  const net = architectures[name];
  return net.kind === 'conv'
    ? { ...net, channels: [...net.channels], hidden: [...net.hidden] }
    : { ...net, hidden: [...net.hidden] };
};
