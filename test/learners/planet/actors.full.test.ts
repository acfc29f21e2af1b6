import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { type PlannerSettings, type PlanTrace, player } from '../../../src/actors/planner/index.ts';
import { sequenceReplay } from '../../../src/actors/replay/index.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import { environmentRef } from '../../../src/env/define.ts';
import { planetAgent } from '../../../src/learners/planet/agent.ts';
import { planetLearner } from '../../../src/learners/planet/learner.ts';
import { driver } from './driver.ts';
import { pendulumEpisodes } from './episodes.ts';
import { pendulumSpaces as spaces, tiny } from './models.ts';

let system: System | undefined;
afterEach(() => system?.stop());

const planet = { ...tiny, observationUnits: [1, 1, 8], rewardUnit: 8 };
const recorded = (await pendulumEpisodes(1, 4)).map(({ observations, actions, rewards }, index) => ({
  ...{ index, observations, actions: actions.slice(1), rewards: rewards.slice(1) },
}));

async function cast(restore: { learner?: Snapshot; replay?: Snapshot } = {}) {
  system = await startSystem({ seed: 3 });
  const ends = await system.spawn(driver, { spaces, planet }, { on: 'main' });
  const replay = await system.spawn(
    sequenceReplay,
    { spaces, batch: 2, length: 4 },
    { restarts: { times: 0, within: 1 }, ...(restore.replay && { restore: [restore.replay] }) },
  );
  const learner = await system.spawn(
    planetLearner,
    { spaces, planet },
    restore.learner ? { restore: [restore.learner] } : {},
  );
  system.link(ends.outputs.episodes, replay.inputs.episodes);
  system.link(ends.outputs.permits, learner.inputs.permits);
  system.link(learner.outputs.needs, replay.inputs.needs);
  system.link(replay.outputs.chunks, learner.inputs.chunks);
  system.link(learner.outputs.weights, ends.inputs.weights);
  system.link(learner.outputs.metrics, ends.inputs.metrics);
  return { system, ends, replay, learner };
}

describe('the learner', () => {
  it('learns as far as it is permitted, and from a snapshot goes on with the same bits', async () => {
    const first = await cast();
    for (const episode of recorded.slice(0, 3)) await first.ends.call.give(episode);
    await first.ends.call.permit({ version: 1, updates: 5, episodes: 3 });
    const [learner] = await first.learner.snapshot();
    const [replay] = await first.replay.snapshot();
    await first.ends.call.give(recorded[3]);
    const { weights, metrics } = await first.ends.call.permit({ version: 2, updates: 4, episodes: 4 });
    expect(weights.map(({ version }) => version)).toEqual([1, 2]);
    expect(weights[1].parameters).not.toEqual(weights[0].parameters);
    expect(metrics.map(({ updates }) => updates)).toEqual([5, 9]);
    expect(Object.keys(metrics[1].figures)).toEqual(
      expect.arrayContaining(['loss', 'observation_loss', 'reward_loss', 'kl', 'gradient_norm']),
    );
    await first.system.stop();

    const second = await cast(structuredClone({ learner, replay }));
    await second.ends.call.give(recorded[3]);
    const again = await second.ends.call.permit({ version: 2, updates: 4, episodes: 4 });
    expect(again.weights).toEqual([weights[1]]);
    expect(again.metrics).toEqual([metrics[1]]);
  });

  it('takes steps as large as the permit says: at a rate of 0 weights stay', async () => {
    const { ends } = await cast();
    for (const episode of recorded.slice(0, 3)) await ends.call.give(episode);
    await ends.call.permit({ version: 1, updates: 2, episodes: 3 });
    await ends.call.permit({ version: 2, updates: 2, episodes: 3, rate: 0 });
    const { weights } = await ends.call.permit({ version: 3, updates: 2, episodes: 3, rate: 0.5 });
    expect(weights[1].parameters).toEqual(weights[0].parameters);
    expect(weights[2].parameters).not.toEqual(weights[1].parameters);
  });
});

describe('the agent', () => {
  const environment = environmentRef(pendulum, { maxEpisodeSteps: 24 });

  async function withAgent(
    settings: { explore?: boolean; scores?: 'model' | 'noise'; planner?: PlannerSettings } = {},
  ) {
    const { learner, ...others } = await cast();
    const agent = await others.system.spawn(planetAgent, { spaces, planet, ...settings });
    const body = await others.system.spawn(player, { environment, repeat: 2 }, { on: 'main' });
    others.system.link(learner.outputs.weights, agent.inputs.weights);
    others.system.link(body.outputs.situations, agent.inputs.situations);
    others.system.link(agent.outputs.choices, body.inputs.choices);
    const traces: PlanTrace[] = [];
    agent.outputs.traces.subscribe(trace => traces.push(trace));
    await learner.call.give();
    while ((await agent.call.version()) !== 0);
    return { ...others, learner, agent, body, traces };
  }

  it('acts without a world; the same episode is the same again, with noise another one', async () => {
    const { agent, body, traces } = await withAgent({ explore: false });
    const first = await body.call.play({ seed: 5 });
    expect(first.lengths).toEqual([12]);
    expect(traces).toHaveLength(12);
    await body.call.play({ seed: 6 });
    expect(await body.call.play({ seed: 5 })).toEqual(first);
    expect(await agent.call.environmentCalls()).toEqual({ made: 0, resets: 0, steps: 0 });
    await system?.stop();
    const noisy = await withAgent();
    expect(await noisy.body.call.play({ seed: 5 })).not.toEqual(first);
  });

  it('explores with another planner as it does with its own', async () => {
    const planner = { kind: 'random-shooting', candidates: 4, horizon: 2 } as const;
    const sure = await (await withAgent({ explore: false, planner })).body.call.play({ seed: 5 });
    await system?.stop();
    const noisy = await (await withAgent({ planner })).body.call.play({ seed: 5 });
    // Candidates are the same at first: what differs is the noise.
    expect(noisy.plans[0][0]).toEqual(sure.plans[0][0]);
    expect(noisy.rewards).not.toEqual(sure.rewards);
  });

  it('takes new weights between episodes only', async () => {
    const { body, ends, agent, traces } = await withAgent({ explore: false });
    await body.call.play({ seed: 5 });
    for (const episode of recorded.slice(0, 3)) await ends.call.give(episode);
    await ends.call.permit({ version: 1, updates: 20, episodes: 3 });
    while ((await agent.call.version()) !== 1);
    await body.call.play({ seed: 5 });
    const [before, after] = [traces[0], traces[12]];
    expect([before.step, after.step]).toEqual([0, 0]);
    expect(Math.abs(after.bestReturn - before.bestReturn)).toBeGreaterThan(0.01);
  });

  it('with noise for scores it plans nothing', async () => {
    const model = await (await withAgent({ explore: false })).body.call.play({ seed: 5 });
    await system?.stop();
    const { body } = await withAgent({ explore: false, scores: 'noise' });
    const blind = await body.call.play({ seed: 5 });
    expect(blind.rewards).not.toEqual(model.rewards);
    await body.call.play({ seed: 6 });
    expect(await body.call.play({ seed: 5 })).toEqual(blind);
  });
});
