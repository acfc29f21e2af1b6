import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Film, Scene } from '../../core/scene.ts';
import { loadEnvironment } from '../../env/define.ts';
import { actionSize, boundsOf, flatSize, sample } from '../../env/spaces.ts';
import { boundedActions } from '../bounded-actions.ts';
import { environmentRefSchema } from '../environment-ref.ts';

import type { Episode } from '../replay/episodes.ts';
import { defineActor, port } from '../runtime/define.ts';
import type { PlanFigures, Situation } from './contract.ts';
import { EpisodeRows } from './episode-rows.ts';
import type { Choice } from './planner.ts';

/** Episodes to play: one an agent, all at once. */
export interface Play {
  readonly seed: number;
  /** Who chooses: the planner that is linked, the action space evenly, or zeros (nearest to them). Default `planner`. */
  readonly by?: 'planner' | 'random' | 'zero';
  /** Number of the first agent's episode: they are sent as `episodes` with it and those after it. Default: none is sent. */
  readonly episode?: number;
  /** Films the first agent's episode, a frame a step of the environment. */
  readonly film?: { readonly title: string /** Seconds a step. */; readonly dt: number };
}

/** How they went, by agent. */
export interface Played {
  /** Sums of rewards. */
  readonly returns: readonly number[];
  /** Actions taken. */
  readonly lengths: readonly number[];
  /** What each action earned. */
  readonly rewards: readonly (readonly number[])[];
  /** What the planner said of each plan; empty where nobody planned. */
  readonly plans: readonly (readonly PlanFigures[])[];
  readonly film?: Film;
}

/**
 * Owns a world and plays episodes in it with actions that it is sent: the other half of a planner. It tells where its
 * agents are, waits for the choice, and holds each action for `repeat` steps, whose rewards are summed.
 */
export const player = defineActor(import.meta.url, {
  name: 'player',
  config: z.object({
    environment: environmentRefSchema.describe('What to play.'),
    agents: z.number().int().positive().default(1).describe('Copies that play at once.'),
    repeat: z.number().int().positive().default(1).describe('Steps that an action is held for.'),
    states: z
      .boolean()
      .default(false)
      .describe('Whether to tell whole states: only a planner in the true world may see them.'),
  }),
  inputs: { choices: port<Choice>() },
  outputs: { situations: port<Situation>(), episodes: port<Episode>() },

  async start({ config, inputs, outputs, signal }) {
    const { agents, repeat } = config;
    const environment = await loadEnvironment(config.environment, agents);
    const { actionSpace, observationSpace } = environment;
    if (actionSpace.kind !== 'box')
      throw usageError(
        `environment ${config.environment.name}: action space is ${actionSpace.kind}, expected a box: planners choose real numbers`,
      );
    const { copyState } = environment;
    if (config.states && !copyState)
      throw usageError(
        `environment ${config.environment.name}: has no copyState, expected one whose copies have snapshot and restore`,
      );
    const size = actionSize(actionSpace);
    const width = flatSize(observationSpace);
    const bounded = boundedActions(actionSpace, agents);
    const { low, high } = boundsOf(actionSpace);

    let waiting: ((choice: Choice) => void) | undefined;
    inputs.choices.subscribe(choice => waiting?.(choice));

    /** Sends a situation, and waits for what to do in it. */
    const asked = (situation: Situation): Promise<Choice> =>
      new Promise((resolve, reject) => {
        const stopped = () => reject(new Error('player: stopped while an episode was under way'));
        signal.addEventListener('abort', stopped, { once: true });
        waiting = choice => {
          const { seed, step, actions } = choice;
          if (seed !== situation.seed || step !== situation.step) return;
          waiting = undefined;
          signal.removeEventListener('abort', stopped);
          if (actions.length === agents * size) resolve(choice);
          else
            reject(
              usageError(
                `player: a choice of ${actions.length} numbers, expected ${agents} agents × ${size}`,
              ),
            );
        };
        outputs.situations.next(situation);
      });

    return {
      /** Plays one episode an agent. The same question has the same answer. */
      async play({ seed, by = 'planner', episode, film }: Play): Promise<Played> {
        // One an agent: what it does must not depend on how many play beside it.
        const randoms = Array.from({ length: agents }, (_, n) => Random.fromSeed(seed).split('player', n));
        const zero = Float32Array.from({ length: agents * size }, (_, i) =>
          Math.min(high[i % size], Math.max(low[i % size], 0)),
        );
        const observations = new Float32Array(agents * width);
        const ended = new Uint8Array(agents);
        const earned = new Float32Array(agents);
        const rewards = Array.from({ length: agents }, (): number[] => []);
        const plans = Array.from({ length: agents }, (): PlanFigures[] => []);
        const frames: Scene[] = [];
        const kept = episode === undefined ? [] : Array.from({ length: agents }, () => new EpisodeRows());
        let actions: Float32Array = new Float32Array(agents * size);

        const situation = (step: number): Situation => ({
          ...{ seed, step, observations: observations.slice(), actions: actions.slice() },
          ...{ rewards: earned.slice(), ended: ended.slice() },
          // An agent whose episode is over stands at the start of another, which it does not play.
          ...(config.states &&
            copyState && { states: Array.from({ length: agents }, (_, n) => copyState(n)) }),
        });
        const choose = async (step: number): Promise<Float32Array> => {
          if (by === 'planner') {
            const { actions, figures } = await asked(situation(step));
            for (let n = 0; n < agents; n++) if (ended[n] === 0) plans[n].push(figures[n]);
            return bounded(actions) as Float32Array;
          }
          if (by === 'zero') return zero;
          return Float32Array.from(randoms.flatMap(random => [...sample(actionSpace, random)]));
        };
        /** Rewards of one step, and who has ended by it. */
        const count = (): void => {
          for (let n = 0; n < agents; n++) {
            if (ended[n] === 1) continue;
            earned[n] += environment.rewards[n];
            const over = environment.terminated[n] === 1 || environment.truncated[n] === 1;
            ended[n] = over ? 1 : 0;
            const from = over ? environment.finalObservations : environment.observations;
            observations.set(from.subarray(n * width, (n + 1) * width), n * width);
          }
        };

        environment.reset({ seed });
        observations.set(environment.observations);
        kept.forEach((rows, n) => {
          rows.begin(observations.subarray(n * width, (n + 1) * width));
        });
        for (let step = 0; ended.includes(0); step++) {
          actions = await choose(step);
          const playing = ended.slice();
          earned.fill(0);
          for (let k = 0; k < repeat; k++) {
            if (film && environment.render && ended[0] === 0) frames.push(environment.render(0));
            environment.step(actions);
            count();
          }
          for (let n = 0; n < agents; n++) {
            if (playing[n] === 1) continue;
            rewards[n].push(earned[n]);
            kept[n]?.add(
              observations.subarray(n * width, (n + 1) * width),
              actions.subarray(n * size, (n + 1) * size),
            );
          }
        }
        kept.forEach((rows, n) => {
          outputs.episodes.next(rows.episode((episode ?? 0) + n, rewards[n]));
        });
        return {
          returns: rewards.map(each => each.reduce((sum, reward) => sum + reward, 0)),
          lengths: rewards.map(each => each.length),
          rewards,
          plans,
          ...(film && frames.length > 0 && { film: { title: film.title, dt: film.dt, frames } }),
        };
      },
      stop() {
        environment.close();
      },
    };
  },
});
