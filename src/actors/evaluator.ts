import { z } from 'zod';
import { TroupeError, usageError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import type { Film } from '../core/scene.ts';
import type { VectorEnvironment } from '../env/contract.ts';
import { loadEnvironment } from '../env/define.ts';
import { actionSize, boundsOf, flatSize, sample } from '../env/spaces.ts';
import { boundedActions } from './bounded-actions.ts';
import { environmentRefSchema } from './environment-ref.ts';
import {
  type Chooser,
  type Episodes,
  type FilmSettings,
  filmEpisode,
  playEpisodes,
} from './evaluator-episodes.ts';
import { executorField, startExecutor } from './executor.ts';
import { policyRefSchema } from './policy.ts';
import { compilePolicy, fillNoise, type PolicyPrograms } from './policy-programs.ts';
import { type Demonstrations, recordEpisodes } from './recordings/record.ts';
import { defineActor } from './runtime/define.ts';

/** Who plays: a policy by its parameters, actions drawn evenly from the action space, or zeros (nearest to them). */
export type Player = { readonly parameters: Float32Array } | 'random' | 'zero';

/** Who plays the evaluator’s episodes, and from which seed: the same trial gives the same episodes. */
export interface Trial {
  readonly player: Player;
  readonly seed: number;
  /** Draw the policy's actions instead of taking the best ones. Default false. */
  readonly stochastic?: boolean;
}

/**
 * Plays whole episodes with a policy and says how they went. It keeps nothing from one question to the next: the same
 * question has the same answer, and `askAgain` may ask it of the next life.
 */
export const evaluator = defineActor(import.meta.url, {
  name: 'evaluator',
  config: z.object({
    environment: environmentRefSchema.describe('What to play.'),
    policy: policyRefSchema.describe('What plays.'),
    count: z.number().int().positive().default(10).describe('Environment copies that play at once.'),
    patience: z
      .number()
      .int()
      .positive()
      .default(50_000)
      .describe('Steps after which an episode is taken for one that never ends, which is an error.'),
    executor: executorField,
  }),
  async start({ config, heartbeat, crash }) {
    await startExecutor(config.executor);
    const environment = await loadEnvironment(config.environment, config.count);
    const policy = await compilePolicy(config.policy);
    const chooserOf = (trial: Trial) => playerOf(trial, environment, policy, config.policy.size);
    /** An environment that broke is in no known state: the next life makes another. What is wrong use is refused. */
    const orCrash = <T>(play: () => T): T => {
      try {
        return play();
      } catch (error) {
        if (error instanceof TroupeError && error.kind === 'usage')
          throw usageError(`environment ${config.environment.name}: ${error.message}`, error);
        crash(error);
        throw error;
      }
    };
    return {
      /** Plays exactly so many episodes. */
      evaluate(trial: Trial & { readonly episodes: number }): Episodes {
        const { episodes, seed } = trial;
        const choose = chooserOf(trial);
        return orCrash(() => playEpisodes(environment, choose, episodes, seed, heartbeat, config.patience));
      },
      /** Plays the episodes that `evaluate` plays for the same trial, and says what was seen and done in them. */
      demonstrate(trial: Trial & { readonly episodes: number }): Demonstrations {
        const { episodes, seed } = trial;
        const choose = chooserOf(trial);
        return orCrash(() => recordEpisodes(environment, choose, episodes, seed, heartbeat, config.patience));
      },
      /** Films one episode. */
      film(trial: Trial & FilmSettings): Film | undefined {
        const choose = chooserOf(trial);
        return orCrash(() =>
          filmEpisode(environment, choose, { steps: config.patience, ...trial }, heartbeat),
        );
      },
      stop() {
        environment.close();
        policy.dispose();
      },
    };
  },
});

function playerOf(
  { player, seed, stochastic = false }: Trial,
  environment: VectorEnvironment,
  policy: PolicyPrograms,
  size: number,
): Chooser {
  const { count } = environment;
  const space = environment.actionSpace;
  const random = Random.fromSeed(seed).split('player');
  const width = actionSize(space);
  if (player === 'random' || player === 'zero') {
    const column = space.kind === 'box' ? new Float32Array(count * width) : new Int32Array(count * width);
    if (player === 'zero' && space.kind === 'box') {
      const { low, high } = boundsOf(space);
      for (let i = 0; i < column.length; i++) {
        column[i] = Math.min(high[i % width], Math.max(low[i % width], 0));
      }
    }
    if (player === 'zero') return () => column;
    return () => {
      for (let i = 0; i < count; i++) {
        const action = sample(space, random) as number | ArrayLike<number>;
        column.set(typeof action === 'number' ? [action] : action, i * width);
      }
      return column;
    };
  }
  if (player.parameters.length !== size) {
    throw usageError(`evaluator: expected ${size} parameters, got ${player.parameters.length}`);
  }
  policy.setParameters(player.parameters);
  const observations = {
    shape: [count, flatSize(environment.observationSpace)],
    data: environment.observations,
  };
  const noise = { shape: [count, policy.noise.size], data: new Float32Array(count * policy.noise.size) };
  const bounded = boundedActions(space, count);
  return () => {
    if (!stochastic) return bounded(policy.decide(observations).data);
    fillNoise(policy.noise.kind, random, noise.data);
    return bounded(policy.act(observations, noise).data);
  };
}
