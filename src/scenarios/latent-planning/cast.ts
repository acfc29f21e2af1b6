import { type Played, player } from '../../actors/planner/index.ts';
import { type Episode, sequenceReplay } from '../../actors/replay/index.ts';
import { TroupeError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Film } from '../../core/scene.ts';
import { planetAgent, planetLearner } from '../../learners/planet/index.ts';
import type { PlanetActorConfig, PlanetMetrics } from '../../learners/planet/messages.ts';
import type { Lane } from '../arms/index.ts';
import { spacesOf } from '../lead.ts';
import type { ControlArm, PlanetArm } from './arms.ts';
import { type Plans, playTests } from './judging.ts';
import type { PlanningOptions, TaskName } from './options.ts';
import { annealed, type Learned, pacer } from './pacer.ts';
import { decisionsOf, differing, planetOf, type Task, tasksOf, worldOf } from './tasks.ts';

/** An episode that was learned from. */
export interface CurvePoint {
  /** Its number, from 1. */
  readonly episode: number;
  readonly task: TaskName;
  /** That its actor's weights had learned from; 0 of random actions. */
  readonly updates: number;
  /** With noise, in the task's unit. */
  readonly return: number;
}

/** What an arm came to: plain data. */
export interface ArmPlayed {
  readonly curve: readonly CurvePoint[];
  /** Noise-free returns on fresh episodes, in the task's unit (the swing-up: of 1000). Of several tasks, the first one's. */
  readonly tests: readonly number[];
  /** The same of every task, where there are several. */
  readonly testsOf: Readonly<Partial<Record<TaskName, readonly number[]>>>;
  /** Of the final model; empty where none was learned. */
  readonly parameters: Float32Array;
  /** Some of the test episodes, of the first task. */
  readonly held: readonly Episode[];
  /** Of those episodes. */
  readonly plan: Plans;
  /** Figures of learning, a row a permit. */
  readonly learning: readonly PlanetMetrics[];
  /** Environment steps that the threads of the arm's planners have taken. */
  readonly worldSteps: number;
  readonly film?: Film;
}

/** Of an arm that learns no model. */
export const unlearned = (task: Task, tests: readonly number[]): ArmPlayed => ({
  ...{ curve: [], tests, testsOf: { [task.name]: tests }, parameters: new Float32Array(0), held: [] },
  ...{ plan: { bestReturn: [], realised: [], eliteStd: 0, ms: 0 }, learning: [], worldSteps: 0 },
});

/** What a model of these tasks sees, does and is set to. */
export async function modelOf(
  options: PlanningOptions,
  changes: PlanetArm['planet'] = {},
): Promise<PlanetActorConfig> {
  const [task] = tasksOf(options);
  return { spaces: await spacesOf(worldOf(task, options)), planet: planetOf(task, options, changes) };
}

/**
 * Learns a latent model and plans in it. A player owns the world and sends what it plays to a replay; a learner takes chunks of
 * it as the pacer permits; an agent plans with the weights that come of it, on a thread that has no world. After the seed
 * episodes, which are random, permit v is `updatesPerEpisode` updates from the episodes so far, and one episode is played with
 * weights v. Overlapped, permit v + 1 is given once that episode has begun: both threads work, and nothing depends on which
 * is faster. Then fresh episodes are played without noise.
 */
export async function playPlanetArm(
  lane: Lane,
  arm: PlanetArm,
  options: PlanningOptions,
  executor = 'auto',
): Promise<ArmPlayed> {
  const tasks = tasksOf(options);
  const model = await modelOf(options, arm.planet);
  const { planet } = model;
  const actors = await castArm(lane, arm, options, model, tasks, executor);
  const { permits, agent, playerOf } = actors;
  const seeds = Random.fromSeed(lane.seed).split('latent planning');
  const seedOf = (episode: number): number => seeds.split('episode', episode).integer(2 ** 31);

  const first = Math.min(planet.seedEpisodes * tasks.length, options.episodes);
  const curve: CurvePoint[] = [];
  const learning: PlanetMetrics[] = [];
  const taskOf = (episode: number): Task => tasks[episode % tasks.length];
  const play = (episode: number, by: 'planner' | 'random'): Promise<Played> =>
    playerOf(taskOf(episode)).call.play({ seed: seedOf(episode), by, episode });
  const tell = (episode: number, by: 'planner' | 'random', { returns: [total] }: Played): void => {
    const task = taskOf(episode);
    const row = learning.at(-1);
    const updates = by === 'random' ? 0 : (row?.updates ?? 0);
    const point = { episode: episode + 1, task: task.name, updates, return: total * task.returnScale };
    curve.push(point);
    lane.row(point.episode, { return: point.return, updates: row?.updates ?? 0, ...row?.figures });
    lane.progress(point.episode);
  };
  const permit = (version: number, episodes: number): Promise<void> =>
    permits.call.permit({
      ...{ version, updates: planet.updatesPerEpisode, episodes },
      rate: annealed(version, options.episodes - first + 1, planet.annealing),
    });
  /** Waits for a version, and for the agent to have it. */
  const learned = async (version: number): Promise<Learned> => {
    const { metrics, parameters } = await permits.call.learned(version);
    learning.push(metrics);
    while ((await agent.call.version()) < version);
    return { metrics, parameters };
  };

  for (let episode = 0; episode < first; episode++) {
    tell(episode, 'random', await play(episode, 'random'));
  }
  let version = 1;
  await permit(version, first);
  for (let episode = first; episode < options.episodes; episode++, version++) {
    await learned(version);
    const playing = play(episode, arm.collect);
    playing.catch(() => {}); // it is awaited below
    if (options.overlapped) {
      // Weights of an episode that has begun no longer change.
      if (arm.collect === 'planner') await Promise.race([permits.call.begun(seedOf(episode)), playing]);
      await permit(version + 1, episode);
    }
    tell(episode, arm.collect, await playing);
    if (!options.overlapped) await permit(version + 1, episode + 1);
  }
  const { parameters } = await learned(version);

  const testsOf: Partial<Record<TaskName, readonly number[]>> = {};
  const tested = [];
  for (const task of differing(tasks)) {
    const result = await playTests(lane, {
      ...{ task, world: worldOf(task, options), model, parameters, executor },
      episodes: arm.tests ?? options.tests,
      ...(arm.planner && { planner: arm.planner }),
      ...(arm.film !== undefined && tested.length === 0 && { film: arm.film }),
    });
    testsOf[task.name] = result.returns;
    tested.push(result);
  }
  const [{ returns, held, plan, film }] = tested;
  const steps = (await agent.call.environmentCalls()).steps;
  return {
    ...{ curve, tests: returns, testsOf, parameters, held, plan, learning },
    worldSteps: steps + tested.reduce((sum, { worldSteps }) => sum + worldSteps, 0),
    ...(film && { film }),
  };
}

/** Tests weights that another arm has learned, with something wrong in how they are planned with. */
export async function playControl(
  lane: Lane,
  { planner, scores }: ControlArm,
  options: PlanningOptions,
  parameters: Float32Array,
  executor = 'auto',
): Promise<ArmPlayed> {
  const [task] = tasksOf(options);
  const model = await modelOf(options);
  const { returns, plan, worldSteps } = await playTests(lane, {
    ...{ task, world: worldOf(task, options), model, parameters, executor, episodes: options.tests },
    ...(planner && { planner }),
    ...(scores && { scores }),
  });
  lane.progress(1);
  return { ...unlearned(task, returns), plan, worldSteps };
}

/** Casts who takes part in learning, and links them. */
async function castArm(
  lane: Lane,
  arm: PlanetArm,
  options: PlanningOptions,
  model: PlanetActorConfig,
  tasks: readonly Task[],
  executor: string,
) {
  const { planet, spaces } = model;
  const permits = await lane.spawn(pacer, model, { on: 'main' });
  const agent = await lane.spawn(planetAgent, { ...model, planner: arm.planner ?? null, executor });
  const replay = await lane.spawn(
    sequenceReplay,
    {
      ...{ spaces, batch: planet.batch, length: planet.length, recent: options.recent },
      capacity: options.episodes * Math.max(...tasks.map(task => decisionsOf(task) + 1)),
      observations: options.observe === 'pixels' ? 'uint8' : 'float32',
    },
    { on: 'beside' },
  );
  const learner = await lane.spawn(planetLearner, { ...model, executor }, { on: 'beside' });
  const players = new Map<TaskName, Awaited<ReturnType<typeof playerIn>>>();
  for (const task of differing(tasks)) {
    const body = await playerIn(lane, task, options);
    lane.link(body.outputs.situations, agent.inputs.situations);
    lane.link(agent.outputs.choices, body.inputs.choices);
    lane.link(body.outputs.episodes, replay.inputs.episodes);
    players.set(task.name, body);
  }
  lane.link(permits.outputs.permits, learner.inputs.permits);
  lane.link(learner.outputs.needs, replay.inputs.needs);
  lane.link(replay.outputs.chunks, learner.inputs.chunks, { depth: 2 });
  lane.link(learner.outputs.weights, agent.inputs.weights, { depth: 2 });
  lane.link(learner.outputs.weights, permits.inputs.weights, { depth: 2 });
  lane.link(learner.outputs.metrics, permits.inputs.metrics);
  lane.link(agent.outputs.traces, permits.inputs.traces);
  const playerOf = ({ name }: Task) => {
    const body = players.get(name);
    if (!body) throw new TroupeError(`latent-planning: nobody plays ${name}`);
    return body;
  };
  return { permits, agent, playerOf };
}

const playerIn = (lane: Lane, task: Task, options: PlanningOptions) =>
  lane.spawn(
    player,
    { environment: worldOf(task, options), repeat: task.repeat },
    { on: 'world', name: `${task.name} player` },
  );
