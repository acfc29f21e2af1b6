import type { PolicyRef } from '../../actors/policy.ts';
import { Random } from '../../core/random.ts';
import type { Robot } from '../../learners/simgan/robots.ts';
import type { Tuples } from '../../learners/simgan/tuples.ts';
import type { Lane } from '../arms/index.ts';
import { analyst } from './analyst.ts';
import { type Likeness, likenessOf, samplesOf } from './distances.ts';
import { type Learned, learnedOf } from './learned.ts';
import type { TrainedForTarget } from './results.ts';
import { truthOf } from './truths.ts';

/** How like the target the hybrid simulator of one seed of identification has become. */
export interface SeedLikeness {
  readonly samples: readonly Likeness[];
  /** What the generator has learned beside what is true; null where no parameter is the true one. */
  readonly learned: Learned | null;
  /** The same of parameters that follow from nothing. */
  readonly constant: Learned | null;
}

/** Asks all of one seed of identification. @param floor a second sample of the target, that no learner has seen */
export async function likenessOfSeed(
  lane: Lane,
  trained: TrainedForTarget,
  robot: Robot,
  seed: number,
  floor: Tuples,
): Promise<SeedLikeness> {
  const mind = await lane.spawn(analyst, {});
  const random = Random.fromSeed(lane.seed).split('likeness', seed);
  // One seed for all samples: they are split and trained on alike.
  const drawn = random.split('classifier').uint32();
  const samples = await likenessOf(samplesOf(trained, seed, floor, robot), (real, fake) =>
    mind.call.auc({ real, fake, seed: drawn }),
  );
  const truth = truthOf(trained.robot, trained.target);
  const compared = async (generator: PolicyRef, all: TrainedForTarget['simGan']): Promise<Learned | null> => {
    const last = all.at(seed)?.rounds.at(-1);
    if (!truth || !last) return null;
    const outputs = await mind.call.outputs({
      ...{ generator, parameters: last.identified.generators, inputs: statesAndActions(last.real, robot) },
      size: robot.observations + robot.actions,
    });
    return learnedOf(outputs, last.real, robot, truth);
  };
  return {
    samples,
    learned: await compared(trained.generator, trained.simGan),
    constant: await compared(trained.constant, trained.sysIdConst),
  };
}

/** `[s, a]` of each row: what a generator sees. */
function statesAndActions({ observations, actions }: Tuples, robot: Robot): Float32Array {
  const [o, a] = [robot.observations, robot.actions];
  const rows = observations.length / o;
  const inputs = new Float32Array(rows * (o + a));
  for (let row = 0; row < rows; row++) {
    inputs.set(observations.subarray(row * o, (row + 1) * o), row * (o + a));
    inputs.set(actions.subarray(row * a, (row + 1) * a), row * (o + a) + o);
  }
  return inputs;
}
