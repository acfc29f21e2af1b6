import { Random } from '../../core/random.ts';
import type { Robot, RobotOptions } from '../../learners/simgan/robots.ts';
import type { TargetBook } from '../../learners/simgan/target-book.ts';
import { targetGate } from '../../learners/simgan/target-gate.ts';
import { joinedTuples, type Tuples } from '../../learners/simgan/tuples.ts';
import type { Lane } from '../arms/index.ts';
import type { ArmName, TrainedForTarget } from './results.ts';

/** How a policy did in its test episodes. */
export interface PolicyTests {
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
}

/** What came of testing in the sealed target. */
export interface Tested {
  /** By arm, in the arms' order, then by seed of identification, then by episode. */
  readonly arms: readonly { readonly name: ArmName; readonly bySeed: readonly PolicyTests[] }[];
  /** By seed of identification: a second sample of the target, gathered as the real set was. No learner has seen it. */
  readonly floors: readonly Tuples[];
  /** Of the gate that tests went through: what it collected are the floors. */
  readonly book: TargetBook;
}

/** What decides the tests. */
export interface TestSettings {
  readonly robot: Robot;
  readonly environment: RobotOptions;
  readonly testEpisodes: number;
  /** Episodes of the real set, over all rounds. */
  readonly trajectories: number;
}

/** Seeds of identification that were trained. */
export const seedsOf = ({ simGan }: Pick<TrainedForTarget, 'simGan'>): number => simGan.length;

/** What the arm stands for with a seed of identification: it has one policy for each, or one for all. */
export const ofSeed = <T>(each: readonly T[], seed: number): T => each[Math.min(seed, each.length - 1)];

/**
 * Tests every arm in the target, through a gate of its own that sees parameters and no names. With a seed of identification
 * all arms meet the same episodes, with the next one others; policies do not explore. Then a second sample of the target is
 * gathered, as large as the real set: how far two samples of one world are apart.
 */
export async function testInTarget(
  lane: Lane,
  trained: TrainedForTarget,
  { robot, environment, testEpisodes, trajectories }: TestSettings,
): Promise<Tested> {
  const random = Random.fromSeed(lane.seed).split('tests');
  const gate = await lane.spawn(targetGate, {
    target: robot.in(trained.target, environment),
    policy: trained.policy,
    budget: seedsOf(trained) * trajectories * robot.episodeSteps,
    copies: Math.max(testEpisodes, trajectories),
  });
  const arms: { name: ArmName; bySeed: PolicyTests[] }[] = [];
  let done = 0;
  for (const { name, policies } of trained.arms) {
    const bySeed: PolicyTests[] = [];
    for (let seed = 0; seed < seedsOf(trained); seed++) {
      const parameters = ofSeed(policies, seed);
      const episodes = { episodes: testEpisodes, seed: random.split('episodes', seed).uint32() };
      bySeed.push(await gate.call.evaluate({ parameters, ...episodes }));
      done += testEpisodes;
      lane.progress(done);
    }
    arms.push({ name, bySeed });
  }
  const floors: Tuples[] = [];
  for (const [seed, { rounds }] of trained.simGan.entries()) {
    // As the real set: the source policy first, then the ones that were refined on the way.
    const collectors = [trained.behavior, ...rounds.slice(0, -1).map(({ refined }) => refined)];
    const parts: Tuples[] = [];
    for (const [round, { parameters }] of collectors.entries()) {
      parts.push(
        await gate.call.collect({
          ...{ parameters, logStd: trained.behavior.logStd, episodes: trajectories / collectors.length },
          seed: random.split('floor', seed, round).uint32(),
        }),
      );
    }
    floors.push(joinedTuples(parts));
  }
  return { arms, floors, book: await gate.call.book() };
}

/** Trials of `testInTarget`, for its progress. */
export const trialsIn = (trained: TrainedForTarget, testEpisodes: number): number =>
  trained.arms.length * seedsOf(trained) * testEpisodes;
