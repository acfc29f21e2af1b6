import { expect, it } from 'vitest';
import { chunkFields } from '../../../src/actors/replay/chunks.ts';
import { type Episode, EpisodeStore } from '../../../src/actors/replay/episodes.ts';
import { memoryRecords } from '../../../src/actors/replay/records.ts';
import { allocateSlab } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import type { VectorEnvironment } from '../../../src/env/contract.ts';
import { loadEnvironment } from '../../../src/env/define.ts';
import { flatSize } from '../../../src/env/spaces.ts';
import { createPlanetLearning, planetModel } from '../../../src/learners/planet/index.ts';
import { openLoops } from '../../../src/scenarios/latent-planning/imagined.ts';
import { pixelFiguresOf } from '../../../src/scenarios/latent-planning/pixel-figures.ts';
import { planetOf, tasks, worldOf } from '../../../src/scenarios/latent-planning/tasks.ts';
import { optionsOf } from './lanes.ts';

const task = tasks.pendulum;

/** An episode of random torques, each held for about three decisions, so that what they do can be seen. */
function episodeOf(world: VectorEnvironment, index: number, seed: number): Episode {
  const random = Random.fromSeed(seed).split('torques');
  const observations: number[] = [];
  const actions: number[] = [];
  const rewards: number[] = [];
  let ended = false;
  const torque = new Float32Array(1);
  world.reset({ seed });
  observations.push(...world.observations);
  while (!ended) {
    if (actions.length === 0 || random.uniform() < 0.3) torque[0] = random.uniform(-2, 2);
    let reward = 0;
    for (let k = 0; k < task.repeat && !ended; k++) {
      world.step(torque);
      reward += world.rewards[0];
      ended = world.truncated[0] === 1;
    }
    observations.push(...(ended ? world.finalObservations : world.observations));
    actions.push(torque[0]);
    rewards.push(reward);
  }
  return {
    index,
    observations: Float32Array.from(observations),
    actions: Float32Array.from(actions),
    rewards: Float32Array.from(rewards),
  };
}

it('1000 updates on 25 episodes of a pendulum in 32 × 32 pixels foretell 20 steps better than either still picture', async () => {
  const seen = optionsOf({ task: 'pendulum', observe: 'pixels', side: 32 });
  const config = planetOf(task, seen);
  const world = await loadEnvironment(worldOf(task, seen), 1);
  const spaces = { observation: world.observationSpace, action: world.actionSpace };
  const model = planetModel(config, spaces);
  const { batch, length } = config;
  const size = flatSize(world.observationSpace);
  const records = memoryRecords({ rows: 4000, size, type: 'uint8' });
  const store = new EpisodeStore(spaces, 4000, length, records);
  for (let index = 0; index < 25; index++) store.add(episodeOf(world, index, 100 + index));
  const held = [0, 1, 2, 3].map(index => episodeOf(world, index, 5000 + index));
  world.close();

  const root = Random.fromSeed(1);
  const learning = await createPlanetLearning(model, root.split('learning'));
  const chunks = allocateSlab(chunkFields({ spaces, batch, length }));
  const kls: number[] = [];
  for (let update = 0; update < 1000; update++) {
    store.fill(chunks, batch, 25, root.split('batches', update));
    const { kl } = await learning.learn(chunks);
    kls.push(kl.data[0]);
  }
  const loops = await openLoops(model, await learning.parameters(), held);
  learning.dispose();
  const kl = kls.slice(-100).reduce((sum, value) => sum + value, 0) / 100;
  const figures = pixelFiguresOf({
    ...{ loops, side: 32, freeNats: config.freeNats, tests: [], random: undefined },
    learning: [{ version: 1, updates: 1000, episodes: 25, figures: { kl } }],
  });
  // 0.67 and 0.33 where settings were chosen, without overshooting.
  expect(figures.overMeanFrame).toBeLessThan(0.85);
  expect(figures.overLastFrame).toBeLessThan(0.5);
  expect(figures.otherActions).toBeGreaterThan(1.2);
  expect(figures.reward).toBeLessThan(0.6);
  expect(figures.klOverFree).toBeGreaterThan(1.3);
});
