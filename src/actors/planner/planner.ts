import { z } from 'zod';
import type { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { type EnvironmentCalls, environmentCalls } from '../../env/calls.ts';
import { executorField, startExecutor } from '../executor.ts';
import { defineActor, port } from '../runtime/define.ts';
import { after } from './after.ts';
import type { PlanFigures, PlanTrace, Situation } from './contract.ts';
import { makePlanner } from './make.ts';
import { loadPlanningModel, planningModelRefSchema } from './model.ts';
import { plannerSettings } from './settings.ts';

/** What to do in a situation. */
export interface Choice {
  /** Of the situation. */
  readonly seed: number;
  readonly step: number;
  /** [N × A], within the bounds. */
  readonly actions: Float32Array;
  /** How the plans went, by agent. */
  readonly figures: readonly PlanFigures[];
}

/**
 * Plans for agents whose world it does not hold: a situation comes in, actions go out. The plans of an episode follow from
 * its seed and its situations alone, whatever was planned before. A situation that comes again is answered with the same
 * actions.
 *
 * `environmentCalls` says how many environments its thread has made and stepped since the actor started. On a thread of
 * its own, a planner over a learned model has none.
 */
export const planner = defineActor(import.meta.url, {
  name: 'planner',
  config: z.object({
    model: planningModelRefSchema.describe('What says how a plan would go.'),
    planner: plannerSettings.describe('How plans are made.'),
    agents: z.number().int().positive().default(1).describe('Agents that are planned for at once.'),
    executor: executorField,
  }),
  inputs: { situations: port<Situation>() },
  outputs: { choices: port<Choice>(), traces: port<PlanTrace>() },

  async start({ config, inputs, outputs, random, clock, restored, save, heartbeat, crash }) {
    const before = environmentCalls();
    await startExecutor(config.executor);
    const { agents } = config;
    const { candidates, horizon } = config.planner;
    const model = await loadPlanningModel(config.model, { agents, candidates, horizon });
    const streamOf = (seed: number): Random => random.split('episodes', seed);
    const planner = makePlanner(model, config.planner, streamOf(0));
    let last: Choice | undefined;
    if (restored !== undefined) {
      const state = restored as { last?: Snapshot; planner: Snapshot; model?: Snapshot };
      last = state.last as unknown as Choice | undefined;
      planner.restore(state.planner);
      if (state.model !== undefined) model.restore?.(state.model);
    }
    const snapshot = () => ({
      ...(last && { last: last as unknown as Snapshot }),
      planner: planner.snapshot(),
      ...(model.snapshot && { model: model.snapshot() }),
    });

    function decide(situation: Situation): void | Promise<void> {
      const { seed, step } = situation;
      if (last?.seed === seed && last.step === step) {
        outputs.choices.next(last);
        return;
      }
      if (step === 0) planner.begin(streamOf(seed));
      const from = clock.now();
      return after(model.follow(situation), () =>
        after(planner.plan(), actions => {
          const ms = clock.now() - from;
          const figures = planner.figures.map(each => ({ ...each }));
          last = { seed, step, actions: actions.slice(), figures };
          figures.forEach((each, agent) => {
            outputs.traces.next({ seed, step, agent, ms, ...each });
          });
          outputs.choices.next(last);
          save(snapshot());
          heartbeat();
        }),
      );
    }

    /** Situations are taken one after the other, also where the model takes its time. */
    let busy: Promise<void> | undefined;
    inputs.situations.subscribe(situation => {
      const work = busy ? busy.then(() => decide(situation)) : decide(situation);
      if (!(work instanceof Promise)) return;
      const done: Promise<void> = work.catch(crash).finally(() => {
        if (busy === done) busy = undefined;
      });
      busy = done;
    });

    return {
      snapshot,
      /** What this actor's thread has asked of environments since the actor started. */
      environmentCalls(): EnvironmentCalls {
        const now = environmentCalls();
        return {
          made: now.made - before.made,
          resets: now.resets - before.resets,
          steps: now.steps - before.steps,
        };
      },
      stop() {
        model.close?.();
      },
    };
  },
});
