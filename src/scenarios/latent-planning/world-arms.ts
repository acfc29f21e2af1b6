import { planner, planningModelRef, player, trueWorld } from '../../actors/planner/index.ts';
import type { Lane } from '../arms/index.ts';
import { type ArmPlayed, unlearned } from './cast.ts';
import { promises, testSeed } from './judging.ts';
import type { PlanningOptions } from './options.ts';
import { planetOf, type Task } from './tasks.ts';

/**
 * The bound: the cross-entropy method in the true simulator, many copies of it in one world; as many candidates, iterations and
 * decisions ahead as PlaNet has on numbers. A preset's do not count: with the paper's it would step a world 120 million times.
 */
export async function playOracle(
  lane: Lane,
  task: Task,
  options: PlanningOptions,
  episodes: number,
): Promise<ArmPlayed> {
  const { environment, repeat } = task;
  const { noise: _, ...cem } = planetOf(task, { ...options, observe: 'state' }).planning;
  const body = await lane.spawn(
    player,
    { environment, agents: episodes, repeat, states: true },
    { on: 'world' },
  );
  const mind = await lane.spawn(planner, {
    model: planningModelRef(trueWorld, { environment, repeat }),
    planner: { kind: 'cem', ...cem },
    agents: episodes,
  });
  let ms = 0;
  mind.outputs.traces.subscribe(trace => {
    if (trace.agent === 0) ms += trace.ms;
  });
  lane.link(body.outputs.situations, mind.inputs.situations);
  lane.link(mind.outputs.choices, body.inputs.choices);
  const played = await body.call.play({ seed: testSeed(lane.seed) });
  lane.progress(1);
  return {
    ...unlearned(
      task,
      played.returns.map(total => total * task.returnScale),
    ),
    plan: {
      ...promises(played, cem.horizon),
      ms: ms / Math.max(...played.lengths) / episodes,
    },
    worldSteps: (await mind.call.environmentCalls()).steps,
  };
}

/** The floor: actions drawn evenly, a new one every decision. */
export async function playRandom(lane: Lane, task: Task, episodes: number): Promise<ArmPlayed> {
  const { environment, repeat } = task;
  const body = await lane.spawn(player, { environment, agents: episodes, repeat }, { on: 'world' });
  const { returns } = await body.call.play({ seed: testSeed(lane.seed), by: 'random' });
  lane.progress(1);
  return unlearned(
    task,
    returns.map(total => total * task.returnScale),
  );
}
