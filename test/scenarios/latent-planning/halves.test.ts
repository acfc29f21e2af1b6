import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type System, startSystem } from '../../../src/actors/index.ts';
import type { Choice, Situation } from '../../../src/actors/planner/index.ts';
import { defineActor, port } from '../../../src/actors/runtime/define.ts';
import { firstHalf, halves, partOf } from '../../../src/scenarios/latent-planning/halves.ts';

let system: System | undefined;
afterEach(() => system?.stop());

const situation = (agents: number, step = 3): Situation => ({
  ...{ seed: 7, step },
  observations: Float32Array.from({ length: 2 * agents }, (_, i) => i),
  actions: Float32Array.from({ length: agents }, (_, i) => 10 + i),
  rewards: Float32Array.from({ length: agents }, (_, i) => 20 + i),
  ended: Uint8Array.from({ length: agents }, (_, i) => i % 2),
});

it('a part of a situation is that of its agents, in arrays of their own', () => {
  const whole = situation(5);
  const part = partOf(whole, firstHalf(5), 5, 5);
  expect(part).toEqual({
    ...{ seed: 7, step: 3, observations: Float32Array.of(6, 7, 8, 9), actions: Float32Array.of(13, 14) },
    ...{ rewards: Float32Array.of(23, 24), ended: Uint8Array.of(1, 0) },
  });
  expect(part.observations.buffer).not.toBe(whole.observations.buffer);
  const states = [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }];
  expect(partOf({ ...whole, states }, 0, 3, 5).states).toEqual(states.slice(0, 3));
});

/** A player and two planners at once: asks, and answers each half when it is told to. */
const others = defineActor(import.meta.url, {
  name: 'others',
  config: z.object({}),
  inputs: { first: port<Situation>(), second: port<Situation>(), choices: port<Choice>() },
  outputs: { situations: port<Situation>(), first: port<Choice>(), second: port<Choice>() },
  start({ inputs, outputs }) {
    const asked: { half: 'first' | 'second'; situation: Situation }[] = [];
    const choices: Choice[] = [];
    for (const half of ['first', 'second'] as const)
      inputs[half].subscribe(situation => asked.push({ half, situation }));
    inputs.choices.subscribe(choice => choices.push(choice));
    return {
      ask: (situation: Situation) => outputs.situations.next(situation),
      /** The oldest question of a half, answered with its own actions, doubled. */
      answer(half: 'first' | 'second') {
        const at = asked.findIndex(each => each.half === half);
        const [{ situation }] = asked.splice(at, 1);
        const { seed, step, actions } = situation;
        const figures = [...actions].map(action => ({ bestReturn: action, eliteStd: 0 }));
        outputs[half].next({ seed, step, actions: actions.map(action => 2 * action), figures });
      },
      waiting: () => asked.length,
      choices: () => [...choices],
    };
  },
});

it('two halves are asked, and one choice of all agents comes when both have answered, in whichever order', async () => {
  system = await startSystem({ seed: 1 });
  const desk = await system.spawn(halves, { agents: 3 }, { on: 'main' });
  const { call, inputs, outputs } = await system.spawn(others, {}, { on: 'main' });
  system.link(outputs.situations, desk.inputs.situations);
  system.link(desk.outputs.first, inputs.first);
  system.link(desk.outputs.second, inputs.second);
  system.link(outputs.first, desk.inputs.first);
  system.link(outputs.second, desk.inputs.second);
  system.link(desk.outputs.choices, inputs.choices);
  const settled = async (is: () => Promise<boolean>) => {
    for (let i = 0; i < 50 && !(await is()); i++) await new Promise(setImmediate);
    expect(await is()).toBe(true);
  };
  for (const [step, order] of [
    [0, ['first', 'second']],
    [1, ['second', 'first']],
  ] as const) {
    await call.ask(situation(3, step));
    await settled(async () => (await call.waiting()) === 2);
    await call.answer(order[0]);
    for (let i = 0; i < 5; i++) expect((await call.choices()).length).toBe(step);
    await call.answer(order[1]);
    await settled(async () => (await call.choices()).length === step + 1);
  }
  const [, choice] = await call.choices();
  expect(choice).toEqual({
    ...{ seed: 7, step: 1, actions: Float32Array.of(20, 22, 24) },
    figures: [10, 11, 12].map(bestReturn => ({ bestReturn, eliteStd: 0 })),
  });
});
