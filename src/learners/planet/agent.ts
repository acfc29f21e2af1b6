import { z } from 'zod';
import { executorField, startExecutor } from '../../actors/executor.ts';
import {
  type Choice,
  makePlanner,
  type PlannerSettings,
  type PlanTrace,
  plannerSettings,
  type Situation,
} from '../../actors/planner/index.ts';
import { defineActor, port, slab } from '../../actors/runtime/define.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { type EnvironmentCalls, environmentCalls } from '../../env/calls.ts';
import { compileLatentModel } from './latent.ts';
import { planetActorConfig, planetModel, weightsFields } from './messages.ts';

/** What an agent is spawned with. */
export const planetAgentConfig = planetActorConfig.extend({
  agents: z.number().int().positive().default(1).describe('Episodes that it acts in at once.'),
  explore: z
    .boolean()
    .default(true)
    .describe('Whether its actions have the noise of `planning`: not in tests.'),
  planner: plannerSettings
    .nullable()
    .default(null)
    .describe(
      'Another planner, whose own `noise` does not count; null: the cross-entropy method of `planning`.',
    ),
  scores: z
    .enum(['model', 'noise'])
    .default('model')
    .describe(
      '`noise` puts random numbers in the place of predicted returns: the control that planning is real.',
    ),
  executor: executorField,
});

/**
 * Acts by planning in the latent space of weights that it is sent: situations come in, actions go out. It holds no world. New
 * weights count from the start of the next episode on: what it has filtered belongs to one version. What it does in an episode
 * follows from the weights, the episode's seed and its situations.
 */
export const planetAgent = defineActor(import.meta.url, {
  name: 'planet-agent',
  config: planetAgentConfig,
  inputs: config => ({ situations: port<Situation>(), weights: slab(weightsFields(config)) }),
  outputs: () => ({ choices: port<Choice>(), traces: port<PlanTrace>() }),

  async start({ config, inputs, outputs, random, clock, restored, save, heartbeat }) {
    const before = environmentCalls();
    await startExecutor(config.executor);
    const { planet, spaces, agents, scores, explore } = config;
    const latent = await compileLatentModel(planetModel(planet, spaces), random.split('latent'), agents);
    const { noise, ...cem } = planet.planning;
    const settings: PlannerSettings = {
      ...(config.planner ?? { kind: 'cem', ...cem }),
      noise: explore ? noise : 0,
    };
    let blind = random.split('scores', 0);
    const model =
      scores === 'model'
        ? latent
        : {
            ...latent,
            evaluate: (_: Float32Array, _j: number, _h: number, out: Float32Array) => blind.fillNormal(out),
          };
    const streamOf = (seed: number): Random => random.split('episodes', seed);
    const planner = makePlanner(model, settings, streamOf(0));
    let next: { readonly version: number; readonly parameters: Float32Array } | undefined;
    let acting: typeof next;
    let last: Choice | undefined;

    if (restored !== undefined) {
      const state = restored as {
        next: Snapshot;
        acting: Snapshot;
        last: Snapshot;
        planner: Snapshot;
        latent: Snapshot;
        blind: Snapshot;
      };
      next = (state.next ?? undefined) as unknown as typeof next;
      acting = (state.acting ?? undefined) as unknown as typeof next;
      last = (state.last ?? undefined) as unknown as Choice | undefined;
      if (acting) latent.setParameters(acting.parameters);
      planner.restore(state.planner);
      latent.restore(state.latent);
      blind.state = state.blind as unknown as RandomState;
    }
    const snapshot = (): Snapshot => ({
      next: (next ?? null) as Snapshot,
      acting: (acting ?? null) as Snapshot,
      last: (last ?? null) as unknown as Snapshot,
      planner: planner.snapshot(),
      latent: latent.snapshot(),
      blind: [...blind.state],
    });

    inputs.weights.subscribe(({ version, parameters }) => {
      next = { version: version[0], parameters: parameters.slice() };
      save(snapshot());
    });
    inputs.situations.subscribe(situation => {
      const { seed, step } = situation;
      if (last?.seed === seed && last.step === step) {
        outputs.choices.next(last);
        return;
      }
      if (step === 0) {
        if (next && next !== acting) latent.setParameters(next.parameters);
        acting = next;
        planner.begin(streamOf(seed));
        blind = random.split('scores', seed);
      }
      const from = clock.now();
      latent.follow(situation);
      const actions = planner.plan() as Float32Array;
      const ms = clock.now() - from;
      const figures = planner.figures.map(each => ({ ...each }));
      const choice: Choice = { seed, step, actions: actions.slice(), figures };
      last = choice;
      figures.forEach((each, agent) => {
        outputs.traces.next({ seed, step, agent, ms, ...each });
      });
      outputs.choices.next(choice);
      save(snapshot());
      heartbeat();
    });

    return {
      snapshot,
      /** The version of the weights that came last, −1 before any: wait for it before an episode begins. */
      version: () => next?.version ?? -1,
      /** What this actor's thread has asked of environments since it started. */
      environmentCalls(): EnvironmentCalls {
        const now = environmentCalls();
        return {
          made: now.made - before.made,
          resets: now.resets - before.resets,
          steps: now.steps - before.steps,
        };
      },
      stop: () => latent.close(),
    };
  },
});
