import { type PlannerSettings, type Played, player } from '../../actors/planner/index.ts';
import type { Episode } from '../../actors/replay/index.ts';
import { Random } from '../../core/random.ts';
import type { Film } from '../../core/scene.ts';
import type { EnvironmentRef } from '../../env/contract.ts';
import { flatSize } from '../../env/spaces.ts';
import { momentsOf } from '../../evaluation/statistics/index.ts';
import { planetAgent } from '../../learners/planet/agent.ts';
import type { PlanetActorConfig } from '../../learners/planet/messages.ts';
import type { Lane } from '../arms/index.ts';
import { episodeKeeper } from './episode-keeper.ts';
import { firstHalf, halves } from './halves.ts';
import type { Task } from './tasks.ts';
import { weightsSource } from './weights-source.ts';

/** What plans promised in noise-free episodes, and what came of them. */
export interface Plans {
  /** Predicted return of the best candidate at each decision with a whole horizon ahead, mean over episodes. */
  readonly bestReturn: readonly number[];
  /** What the decisions of that horizon really earned. */
  readonly realised: readonly number[];
  /** Mean over decisions. */
  readonly eliteStd: number;
  /** Of one agent's plan, all agents planning together; a time. */
  readonly ms: number;
}

/** How noise-free test episodes went. */
export interface Tested {
  /** Sums of rewards in the task's unit. */
  readonly returns: readonly number[];
  /** Some of the episodes. */
  readonly held: readonly Episode[];
  readonly plan: Plans;
  /** Environment steps that the agents' threads have taken. */
  readonly worldSteps: number;
  readonly film?: Film;
}

/** How an agent is tested. */
export interface Test {
  readonly task: Task;
  /** The task's world, as the agent is shown it. */
  readonly world: EnvironmentRef;
  readonly model: PlanetActorConfig;
  readonly parameters: Float32Array;
  readonly episodes: number;
  readonly planner?: PlannerSettings;
  readonly scores?: 'model' | 'noise';
  readonly film?: string;
  readonly executor: string;
}

/** Episodes that are kept for open loops, at most. */
const mostHeld = 8;
/** Numbers of observations that are kept, at most: pictures are large. */
const mostNumbers = 4_000_000;

/** Episodes that take two to plan for. */
const fewest = 8;

/** The seed that all arms of a run are tested from. No episode that is learned from has it. */
export const testSeed = (seed: number): number =>
  Random.fromSeed(seed)
    .split('latent planning')
    .split('test')
    .integer(2 ** 31);

/** Plays noise-free episodes with weights that no longer change, all at once: one agent each. */
export async function playTests(lane: Lane, test: Test): Promise<Tested> {
  const { task, world, model, parameters, episodes, planner = null, scores = 'model', film, executor } = test;
  const name = (what: string): { name: string } => ({ name: `${task.name} ${what}` });
  const source = await lane.spawn(
    weightsSource,
    { ...model, parameters },
    { on: 'main', ...name('weights') },
  );
  const body = await lane.spawn(
    player,
    { environment: world, agents: episodes, repeat: task.repeat },
    { on: 'world', ...name('test player') },
  );
  const held = Math.min(episodes, mostHeld, Math.max(1, Math.floor(mostNumbers / numbersOf(model, task))));
  const keeper = await lane.spawn(episodeKeeper, { most: held }, { on: 'main', ...name('episodes') });
  // Two minds for many episodes, one on the thread where nobody learns any more.
  const parts = episodes < fewest ? [episodes] : [firstHalf(episodes), episodes - firstHalf(episodes)];
  const minds = await Promise.all(
    parts.map((agents, i) =>
      lane.spawn(
        planetAgent,
        { ...model, agents, explore: false, planner, scores, executor },
        { ...name(i === 0 ? 'test agent' : 'second test agent'), on: i === 0 ? 'lane' : 'beside' },
      ),
    ),
  );
  const [mind, second] = minds;
  let ms = 0;
  let plans = 0;
  mind.outputs.traces.subscribe(trace => {
    if (trace.agent !== 0) return;
    ms += trace.ms;
    plans++;
  });
  for (const { inputs } of minds) lane.link(source.outputs.weights, inputs.weights);
  if (second) {
    const desk = await lane.spawn(halves, { agents: episodes }, { on: 'world', ...name('halves') });
    lane.link(body.outputs.situations, desk.inputs.situations);
    lane.link(desk.outputs.first, mind.inputs.situations);
    lane.link(desk.outputs.second, second.inputs.situations);
    lane.link(mind.outputs.choices, desk.inputs.first);
    lane.link(second.outputs.choices, desk.inputs.second);
    lane.link(desk.outputs.choices, body.inputs.choices);
  } else {
    lane.link(body.outputs.situations, mind.inputs.situations);
    lane.link(mind.outputs.choices, body.inputs.choices);
  }
  lane.link(body.outputs.episodes, keeper.inputs.episodes);
  await source.call.give();
  for (const { call } of minds) while ((await call.version()) < 0);
  const played = await body.call.play({
    ...{ seed: testSeed(lane.seed), by: 'planner', episode: 0 },
    ...(film !== undefined && { film: { title: film, dt: task.dt } }),
  });
  const steps = await Promise.all(minds.map(async ({ call }) => (await call.environmentCalls()).steps));
  return {
    returns: played.returns.map(total => total * task.returnScale),
    held: await keeper.call.episodes(),
    plan: {
      ...promises(played, planner?.horizon ?? model.planet.planning.horizon),
      ms: plans === 0 ? 0 : ms / plans / parts[0],
    },
    worldSteps: steps.reduce((sum, each) => sum + each, 0),
    ...(played.film && { film: played.film }),
  };
}

const numbersOf = ({ spaces }: PlanetActorConfig, { steps, repeat }: Task): number =>
  (Math.ceil(steps / repeat) + 1) * flatSize(spaces.observation);

/** What each decision with a whole horizon ahead promised and earned, mean over episodes. */
export function promises(
  { rewards, plans }: Pick<Played, 'rewards' | 'plans'>,
  horizon: number,
): Pick<Plans, 'bestReturn' | 'realised' | 'eliteStd'> {
  const decisions = Math.min(...rewards.map(each => each.length)) - horizon + 1;
  const steps = Array.from({ length: Math.max(0, decisions) }, (_, t) => t);
  const over = (value: (episode: number) => number): number => mean(rewards.map((_, n) => value(n)));
  return {
    bestReturn: steps.map(t => over(n => plans[n][t].bestReturn)),
    realised: steps.map(t => over(n => rewards[n].slice(t, t + horizon).reduce((sum, r) => sum + r, 0))),
    eliteStd: mean(plans.flat().map(({ eliteStd }) => eliteStd)),
  };
}

/** 0 of none. */
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** By how many standard errors of the difference the first mean is above the second; undefined where there is nothing to divide by. */
export function errorsApart(values: readonly number[], others: readonly number[]): number | undefined {
  if (values.length < 2 || others.length < 2) return undefined;
  const [own, other] = [momentsOf(values), momentsOf(others)];
  const error = Math.sqrt(own.variance / values.length + other.variance / others.length);
  return error > 0 ? (own.mean - other.mean) / error : undefined;
}
