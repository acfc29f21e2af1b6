import { Random } from '../../core/random.ts';
import { withLogStd } from '../../learners/simgan/log-std.ts';
import type { TargetBook } from '../../learners/simgan/target-book.ts';
import { targetGate } from '../../learners/simgan/target-gate.ts';
import { joinedTuples, type Tuples } from '../../learners/simgan/tuples.ts';
import { warmStart } from '../../learners/simgan/warm-start.ts';
import type { Lane } from '../arms/index.ts';
import type { SimToRealOptions } from './options.ts';
import type { CurvePoint, PpoTrained } from './results.ts';
import type { Plan } from './settings.ts';
import { trainPpo } from './train.ts';

/** What every arm is given. */
export interface Ground {
  readonly options: SimToRealOptions;
  readonly plan: Plan;
}

/** A policy that was trained in the target. */
export interface TrainedInTarget extends PpoTrained {
  readonly book: TargetBook;
}

/** A seed of an arm’s own, by what it is for. */
export const seedOf = (lane: Lane, ...labels: readonly (string | number)[]): number =>
  Random.fromSeed(lane.seed)
    .split('sim-to-real', lane.arm, ...labels)
    .uint32();

/** Updates of domain randomisation: those of the source and of all rounds of refining. */
export const randomizedIterations = ({
  sourceIterations,
  refineIterations,
  rounds,
}: SimToRealOptions): number => sourceIterations + rounds * refineIterations;

/** The policy for the source. */
export async function playSource(lane: Lane, { options, plan }: Ground): Promise<PpoTrained> {
  const { curve, parameters, steps } = await trainPpo(lane, {
    ...{ name: 'source', policy: plan.policy, ppo: plan.ppo.source },
    environment: plan.robot.in('source', { engine: options.engine }),
    iterations: options.sourceIterations,
    progress: lane.progress,
  });
  tellCurve(lane, curve);
  return { curve, parameters, steps };
}

/** The same from a source that differs from episode to episode, with the budget of source and all refinements together. */
export async function playRandomized(lane: Lane, { options, plan }: Ground): Promise<PpoTrained> {
  const { curve, parameters, steps } = await trainPpo(lane, {
    ...{ name: 'randomized', policy: plan.policy, ppo: plan.ppo.source },
    environment: plan.robot.randomized({ engine: options.engine }),
    iterations: randomizedIterations(options),
    progress: lane.progress,
  });
  tellCurve(lane, curve);
  return { curve, parameters, steps };
}

/** From 4 to 8 copies: those whose whole iterations use the most of a budget of steps; of equals the most. */
export function copiesFor(budget: number, horizon: number): number {
  const used = (copies: number): number => budget - (budget % (copies * horizon));
  return [8, 7, 6, 5, 4].reduce((best, copies) => (used(copies) > used(best) ? copies : best));
}

/**
 * The source policy learned on in the target.
 * @param budget target steps, of which as many whole iterations are taken as there are; `null`: the oracle, who has no bound
 */
export async function playInTarget(
  lane: Lane,
  { options, plan }: Ground,
  behavior: Float32Array,
  budget: number | null,
): Promise<TrainedInTarget> {
  const { robot, policy } = plan;
  const ppo = budget === null ? plan.ppo.refine : plan.fineTuning(copiesFor(budget, options.horizon));
  const steps = ppo.environments * ppo.horizon;
  const iterations = budget === null ? options.oracleIterations : Math.floor(budget / steps);
  const gate = await lane.spawn(
    targetGate,
    {
      target: robot.in(options.target, { engine: options.engine }),
      ...{ policy, budget, training: { count: ppo.environments, steps: ppo.horizon } },
    },
    { on: 'beside' },
  );
  const random = Random.fromSeed(seedOf(lane, 'critic'));
  const init = await warmStart(policy, behavior, options.refineLogStd, random);
  const trained =
    iterations === 0
      ? { parameters: behavior, curve: [], steps: 0 }
      : await trainPpo(lane, {
          ...{ name: 'target', environment: gate, policy, ppo, iterations, init },
          progress: lane.progress,
        });
  tellCurve(lane, trained.curve);
  const { curve, parameters } = trained;
  return { curve, parameters, steps: trained.steps, book: await gate.call.book() };
}

/** What episodes are collected with. */
export interface Collection {
  /** Unique within the arm. */
  readonly name: string;
  readonly environment: ReturnType<Plan['robot']['in']>;
  /** By whom: each plays as many. */
  readonly behaviors: readonly Float32Array[];
  readonly episodes: number;
  /** Steps that may be taken; default: as many as it takes. */
  readonly budget?: number;
}

/** Plays episodes as the behaviour policies do, anywhere, and tells what was booked. */
export async function collect(
  lane: Lane,
  { options, plan }: Ground,
  { name, environment, behaviors, episodes, budget }: Collection,
): Promise<{ readonly tuples: Tuples; readonly book: TargetBook }> {
  const gate = await lane.spawn(
    targetGate,
    { target: environment, policy: plan.policy, budget: budget ?? null },
    { name, on: 'beside' },
  );
  const parts: Tuples[] = [];
  for (const [k, behavior] of behaviors.entries()) {
    const parameters = await withLogStd(plan.policy, behavior, options.behaviorLogStd);
    const share = Math.floor(episodes / behaviors.length);
    parts.push(await gate.call.collect({ parameters, episodes: share, seed: seedOf(lane, name, k) }));
  }
  const book = await gate.call.book();
  await gate.stop();
  return { tuples: joinedTuples(parts), book };
}

/** Rows of a learning curve. */
export function tellCurve(lane: Lane, curve: readonly CurvePoint[], from = 0): void {
  for (const { step, return: mean, length } of curve)
    lane.row(from + step, { training_return: mean, training_length: length });
}
