import {
  type PlanTrace,
  type Played,
  planner,
  planningModelRef,
  player,
  trueWorld,
} from '../../actors/planner/index.ts';
import { environmentRef } from '../../env/define.ts';
import { cartPoleSwingUp } from '../../env/rapier/cart-pole-swing-up.ts';
import type { Lane } from '../arms/index.ts';
import { episodesOf, type MpcArm } from './arms.ts';
import { noiseScores } from './noise-scores.ts';
import type { MpcOptions } from './options.ts';

/** What an arm came to; lists are by agent. */
export interface ArmPlayed extends Omit<Played, 'returns' | 'plans'> {
  /** Mean reward of a step times 1000: 1000 would be upright from the first step on. */
  readonly returns: readonly number[];
  /** What the planner expected of its best candidate at each decision of the first agent. */
  readonly predicted: readonly number[];
  /** Mean over decisions. */
  readonly eliteStd: number;
  readonly planMs: number;
  /** Environment steps that the planner's thread has taken. */
  readonly worldSteps: number;
}

/** Seconds of a control step. */
const controlStep = 0.04;
/** Decisions between two rows of figures. */
const rowsEvery = 5;

/** Decisions of an episode. */
export const decisionsOf = ({ steps, repeat }: MpcOptions): number => Math.ceil(steps / repeat);

/**
 * Casts a player, who owns the world, and a planner on another thread, who only sees what it is told; plays the episodes.
 * @param film whether to film the first
 */
export async function playArm(
  lane: Lane,
  arm: MpcArm,
  options: MpcOptions,
  film: boolean,
): Promise<ArmPlayed> {
  const { repeat, steps, engine } = options;
  const episodes = episodesOf(arm, options);
  const environment = environmentRef(cartPoleSwingUp, { engine, maxEpisodeSteps: steps });
  const isPlanned = typeof arm.planner === 'object';
  const body = await lane.spawn(
    player,
    { environment, agents: episodes, repeat, states: isPlanned && arm.scores !== 'noise' },
    { on: 'beside' },
  );
  const traces: PlanTrace[] = [];
  let worldSteps = async () => 0;
  if (typeof arm.planner === 'object') {
    const model =
      arm.scores === 'noise'
        ? planningModelRef(noiseScores, { seed: lane.seed })
        : planningModelRef(trueWorld, { environment, repeat });
    const mind = await lane.spawn(planner, { model, planner: arm.planner, agents: episodes });
    mind.outputs.traces.subscribe(trace => {
      traces.push(trace);
      lane.progress(trace.step);
    });
    lane.link(body.outputs.situations, mind.inputs.situations);
    lane.link(mind.outputs.choices, body.inputs.choices);
    worldSteps = async () => (await mind.call.environmentCalls()).steps;
  }
  const played = await body.call.play({
    seed: lane.seed,
    by: typeof arm.planner === 'object' ? 'planner' : arm.planner,
    ...(film && { film: { title: `${arm.title} on the true simulator`, dt: controlStep } }),
  });
  tellRows(lane, played, traces, repeat);
  const { plans, ...rest } = played;
  return {
    ...rest,
    returns: played.returns.map(total => (1000 * total) / steps),
    predicted: plans[0].map(({ bestReturn }) => bestReturn),
    eliteStd: mean(plans.flat().map(({ eliteStd }) => eliteStd)),
    planMs: mean(traces.map(({ ms }) => ms)),
    worldSteps: await worldSteps(),
  };
}

function tellRows(
  lane: Lane,
  { rewards, plans }: Played,
  traces: readonly PlanTrace[],
  repeat: number,
): void {
  for (let from = 0; from < rewards[0].length; from += rowsEvery) {
    const within = plans.flatMap(each => each.slice(from, from + rowsEvery));
    // Whoever listens on the main thread may miss some: enough for the time they took.
    const times = traces.filter(({ step }) => step >= from && step < from + rowsEvery);
    lane.row(Math.min(from + rowsEvery, rewards[0].length), {
      reward: mean(rewards.flatMap(each => each.slice(from, from + rowsEvery))) / repeat,
      ...(within.length > 0 && {
        predicted_return: mean(within.map(({ bestReturn }) => bestReturn)),
        elite_std: mean(within.map(({ eliteStd }) => eliteStd)),
      }),
      ...(times.length > 0 && { plan_ms: mean(times.map(({ ms }) => ms)) }),
    });
  }
}

/** 0 of none. */
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
