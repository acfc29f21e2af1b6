import { z } from 'zod';
import type { Choice, Situation } from '../../actors/planner/index.ts';
import { defineActor, port } from '../../actors/runtime/define.ts';

/**
 * Stands between a player of many agents and two who plan for a half of them each, on threads of their own: plans are what tests
 * take their time for, and when they are played nobody learns.
 */
export const halves = defineActor(import.meta.url, {
  name: 'halves',
  config: z.object({ agents: z.number().int().min(2).describe('Of the player.') }),
  inputs: { situations: port<Situation>(), first: port<Choice>(), second: port<Choice>() },
  outputs: { choices: port<Choice>(), first: port<Situation>(), second: port<Situation>() },
  start({ config: { agents }, inputs, outputs }) {
    const middle = firstHalf(agents);
    let [first, second]: (Choice | undefined)[] = [];
    const join = (): void => {
      if (!first || !second || first.seed !== second.seed || first.step !== second.step) return;
      const { seed, step } = first;
      const actions = Float32Array.of(...first.actions, ...second.actions);
      outputs.choices.next({ seed, step, actions, figures: [...first.figures, ...second.figures] });
    };
    inputs.situations.subscribe(situation => {
      outputs.first.next(partOf(situation, 0, middle, agents));
      outputs.second.next(partOf(situation, middle, agents, agents));
    });
    inputs.first.subscribe(choice => {
      first = choice;
      join();
    });
    inputs.second.subscribe(choice => {
      second = choice;
      join();
    });
  },
});

/** How many of so many agents are the first half's. */
export const firstHalf = (agents: number): number => Math.ceil(agents / 2);

/** A situation of the agents from one to before another. */
export function partOf(whole: Situation, from: number, to: number, agents: number): Situation {
  const rows = <A extends Float32Array | Uint8Array>(all: A): A =>
    all.slice((from * all.length) / agents, (to * all.length) / agents) as A;
  const { seed, step, observations, actions, rewards, ended, states } = whole;
  return {
    ...{ seed, step, observations: rows(observations), actions: rows(actions) },
    ...{ rewards: rows(rewards), ended: rows(ended) },
    ...(states && { states: states.slice(from, to) }),
  };
}
