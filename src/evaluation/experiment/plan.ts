import { Random } from '../../core/random.ts';
import { assignArm, orderOfArms } from '../assignment/assign.ts';
import type { Arm, Design, TrialId } from '../contract.ts';

/** One trial to play. */
export interface PlannedTrial extends TrialId {
  readonly arm: string;
  /** What the trial's own randomness starts from. The trials of a pair have the same one. */
  readonly seed: number;
}

/** Every trial of an experiment by its index, each from the seed and the secret alone: no order of calls matters. */
export interface Plan {
  /** Trials in all. */
  readonly trials: number;
  /** Trials a unit. */
  readonly perUnit: number;
  at(index: number): PlannedTrial;
}

/**
 * Who plays what, before anything is played. Units are drawn from the keyed hash of `assignArm`, under the experiment's
 * name as the layer.
 * @param sessionSize trials a session; for designs whose unit is the session
 */
export function planOf(design: Design, seed: number, secret: string, sessionSize = 1): Plan {
  const { arms, unit, stopping } = design;
  const perUnit = unit === 'pair' ? arms.length : unit === 'session' ? sessionSize : 1;
  const units = stopping.rule === 'fixed' ? stopping.units : stopping.cap;
  const layer = design.name.replaceAll('|', '/');
  const seeds = Random.fromSeed(seed).split('experiment');
  return {
    trials: units * perUnit,
    perUnit,
    at(index) {
      const number = Math.floor(index / perUnit);
      const within = index % perUnit;
      const name = `${unit}-${number + 1}`;
      const arm: Arm =
        unit === 'pair'
          ? orderOfArms(secret, layer, name, arms)[within]
          : assignArm(secret, layer, name, arms);
      const own = unit === 'pair' ? seeds.split(number) : seeds.split(number, within);
      const trial = unit === 'trial' ? name : `${name}/${within + 1}`;
      return { trial, unit: name, index, arm: arm.name, seed: own.uint32() };
    },
  };
}
