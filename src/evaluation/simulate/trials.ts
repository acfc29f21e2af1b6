import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { armAssigner, type SimulatedDesign } from './designs.ts';
import { type SimulatedWorld, worldMaker } from './drift.ts';

/** A world, a design in it, and what is true of the arms. */
export interface SimulatedExperiment {
  readonly world: SimulatedWorld;
  readonly design: SimulatedDesign;
  /** Trials of one experiment, over all arms. */
  readonly trials: number;
  /**
   * What each arm but the baseline changes: its chance of success is that of the baseline × (1 + effect), at most 1. 0 for
   * an A/A comparison. Their number is that of the arms beside the baseline.
   */
  readonly effects: readonly number[];
}

/** One simulated experiment, trial by trial in the order of time; written over by the next. */
export interface SimulatedTrials {
  readonly n: number;
  /** The baseline included. */
  readonly arms: number;
  /** 0 is the baseline. */
  readonly arm: Uint8Array;
  /** 1 or 0. */
  readonly success: Uint8Array;
  readonly operator: Uint8Array;
  /** The baseline's chance of success, which no analysis may look at. */
  readonly chance: Float64Array;
}

/**
 * Makes a function that runs an experiment: the same trials for the same stream, in arrays that the next call writes
 * over. World, arms and outcomes have streams of their own, so that another design meets the same world.
 */
export function experimentMaker(experiment: SimulatedExperiment): (random: Random) => SimulatedTrials {
  const { trials: n, effects } = experiment;
  if (!(Number.isSafeInteger(n) && n >= 1)) throw usageError(`trials = ${n}: expected a number, 1 or more`);
  if (effects.length < 1 || effects.length > 254)
    throw usageError(`effects: ${effects.length} of them: expected one for each arm beside the baseline`);
  for (const effect of effects) {
    if (!(effect >= -1 && effect < Infinity))
      throw usageError(`effects: ${effect}: expected a relative effect, -1 or more`);
  }
  const trials: SimulatedTrials = {
    n,
    arms: effects.length + 1,
    arm: new Uint8Array(n),
    success: new Uint8Array(n),
    operator: new Uint8Array(n),
    chance: new Float64Array(n),
  };
  const makeWorld = worldMaker(experiment.world, trials);
  const operators = experiment.world.operators?.offsets.length ?? 1;
  const assignArms = armAssigner(experiment.design, { arms: trials.arms, operators }, trials);
  const factors = Float64Array.of(1, ...effects.map(effect => 1 + effect));
  const words = new Uint32Array(n);
  const { arm, success, chance } = trials;
  return random => {
    makeWorld(random.split('world'));
    assignArms(random.split('arms'));
    random.split('outcomes').fillUint32(words);
    for (let t = 0; t < n; t++) success[t] = words[t] * 2 ** -32 < chance[t] * factors[arm[t]] ? 1 : 0;
    return trials;
  };
}
