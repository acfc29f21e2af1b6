import { createHash } from 'node:crypto';
import { z } from 'zod';
import { environmentRefSchema } from '../../actors/environment-ref.ts';
import { executorField, startExecutor } from '../../actors/executor.ts';
import { defineActor, slab } from '../../actors/index.ts';
import { policyRefSchema } from '../../actors/policy.ts';
import { compilePolicy } from '../../actors/policy-programs.ts';
import { answerPolicies } from '../../actors/rollout-rounds.ts';
import { policyFields, trajectoryFields } from '../../actors/trajectory.ts';
import { usageError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { loadEnvironment } from '../../env/define.ts';
import { withLogStd } from './log-std.ts';
import { booked, emptyBook, type TargetBook, watchedSteps } from './target-book.ts';
import { playTargetEpisodes } from './target-episodes.ts';
import type { Tuples } from './tuples.ts';

const positive = z.number().int().positive();

/** What a target gate is spawned with. */
export const targetGateConfig = z.object({
  target: environmentRefSchema.describe('The sealed world.'),
  policy: policyRefSchema.describe('What acts in it.'),
  budget: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe('Target steps that collecting and training may take together; null: without a bound.'),
  copies: positive.default(64).describe('Episodes that are played at once.'),
  training: z
    .object({
      count: positive.describe('Environment copies.'),
      steps: positive.describe('Steps of every copy in a trajectory.'),
      lag: z.union([z.literal(0), z.literal(1)]).default(0),
    })
    .nullable()
    .default(null)
    .describe(
      'For arms that train in the target: the gate answers policies as a rollout does. null: none may.',
    ),
  executor: executorField,
});
type Config = z.output<typeof targetGateConfig>;

/** A policy that is to gather data in the target. */
export interface CollectRequest {
  readonly parameters: Float32Array;
  readonly episodes: number;
  readonly seed: number;
  /** The policy's exploration instead of its own. */
  readonly logStd?: number;
}

/** A policy, or one that does anything, to be tried in the target. */
export interface TargetTrial {
  readonly parameters: Float32Array | 'random';
  readonly episodes: number;
  readonly seed: number;
}

/** How trials went, by episode. */
export interface TargetResult {
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
}

interface GateState {
  readonly book: TargetBook;
  /** The question under way, and the book before it. */
  readonly asked: { readonly question: string; readonly from: TargetBook } | null;
  readonly rollout: Snapshot;
}

const shapeOf = ({ policy, training }: Config) => ({
  spaces: policy.spaces,
  count: training?.count ?? 1,
  steps: training?.steps ?? 1,
});

/**
 * The only holder of the target's world, and of the book of its steps. Others ask it for data, for tests, or, as of a
 * rollout, for experience; nobody else can step the target.
 *
 * Every step is booked before it is taken, and one beyond the budget is refused with `BudgetExceeded`. The book lasts: it is
 * saved with each step of data and each round of experience. A question that the gate died over leaves its steps in the
 * book; asked again, it plays the same steps again, and they count once.
 */
export const targetGate = defineActor(import.meta.url, {
  name: 'targetGate',
  config: targetGateConfig,
  inputs: config => ({ policies: slab(policyFields(config.policy)) }),
  outputs: config => ({ trajectories: slab(trajectoryFields(shapeOf(config))) }),

  async start({ config, inputs, outputs, random, restored, signal, index, save, heartbeat }) {
    const { target, policy: ref, budget, copies, training } = config;
    await startExecutor(config.executor);
    const programs = await compilePolicy(ref);
    const before = restored as unknown as GateState | undefined;
    let book = before?.book ?? emptyBook;
    let asked = before?.asked ?? null;
    let rollout: Snapshot = before?.rollout ?? null;
    const state = () => ({
      book: { ...book },
      asked: asked && { question: asked.question, from: { ...asked.from } },
      rollout,
    });

    const trainee = training && {
      environment: watchedSteps(await loadEnvironment(target, training.count), steps => {
        book = booked(book, budget, 'trained', steps);
      }),
      policy: await compilePolicy(ref),
    };
    trainee?.environment.reset({ seed: random.split('environment').uint32() });
    if (trainee)
      answerPolicies({
        ...{ ...trainee, shape: shapeOf(config), lag: training.lag, random: random.split('noise'), index },
        ...{ policies: inputs.policies, trajectories: outputs.trajectories, signal, heartbeat },
        restored: rollout ?? undefined,
        save(kept) {
          rollout = kept;
          save(state());
        },
      });
    else
      inputs.policies.subscribe(() => {
        throw usageError('training = null, expected count and steps to answer policies');
      });

    /** Questions are answered one after another. */
    let turn: Promise<unknown> = Promise.resolve();
    const inTurn = <T>(answer: () => Promise<T>): Promise<T> => {
      const answered = turn.then(answer);
      turn = answered.catch(() => {});
      return answered;
    };

    const play = async (
      what: 'collected' | 'evaluated',
      { parameters, episodes, seed, logStd }: Omit<CollectRequest, 'parameters'> & TargetTrial,
    ) => {
      if (!Number.isInteger(episodes) || episodes < 1)
        throw usageError(`episodes = ${episodes}, expected a positive integer`);
      if (parameters !== 'random') {
        if (parameters.length !== ref.size)
          throw usageError(`expected ${ref.size} parameters, got ${parameters.length}`);
        programs.setParameters(logStd === undefined ? parameters : await withLogStd(ref, parameters, logStd));
      }
      const question = digest(what, parameters, { episodes, seed, logStd: logStd ?? null });
      const from = asked?.question === question ? asked.from : book;
      book = from;
      asked = { question, from };
      const played = await playTargetEpisodes(target, {
        ...{ episodes, seed, copies, alive: heartbeat },
        player: parameters === 'random' ? 'random' : { programs, drawn: what === 'collected' },
        taking(steps) {
          book = booked(book, budget, what, steps);
          if (what === 'collected') save(state());
        },
      });
      asked = null;
      save(state());
      return played;
    };

    return {
      /** Episodes with the policy's exploration, as transitions. @throws `BudgetExceeded` */
      collect: (request: CollectRequest): Promise<Tuples> =>
        inTurn(async () => (await play('collected', request)).tuples),
      /** Episodes without the policy's exploration. The same seed gives every policy the same starts and the same noise. */
      evaluate: (trial: TargetTrial): Promise<TargetResult> =>
        inTurn(async () => {
          const { returns, tuples } = await play('evaluated', trial);
          return { returns, lengths: tuples.lengths };
        }),
      book: (): TargetBook => book,
      snapshot: state,
      stop() {
        trainee?.environment.close();
        trainee?.policy.dispose();
        programs.dispose();
      },
    };
  },
});

/** Tells questions apart. */
function digest(what: string, parameters: Float32Array | 'random', rest: object): string {
  const hash = createHash('sha256').update(JSON.stringify({ what, ...rest }));
  return hash
    .update(parameters === 'random' ? parameters : new Uint8Array(Float32Array.from(parameters).buffer))
    .digest('hex');
}
