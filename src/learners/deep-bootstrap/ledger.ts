import type { Ledger } from '../../data/contract.ts';

/** What a world's stream gave out, as the stream itself tells it. */
export interface WorldLedger extends Ledger {
  readonly world: string;
  /** The numbers of all samples that the stream may send. */
  readonly ids: Int32Array;
}

/** What a world should have drawn. */
export interface LedgerRule {
  readonly world: string;
  readonly steps: number;
  readonly batch: number;
  /** Size of the fixed set that is replayed; null: every sample is new. */
  readonly samples: number | null;
}

/** Epochs after which each sample was drawn, though each epoch drops what fills no batch. */
const sureEpochs = 8;

/**
 * Holds what a stream gave out against what its world should have drawn: samples that are all new, or all of a fixed set
 * and no other.
 * @returns what is wrong, a line each; none where all is right
 */
export function ledgerFaults(rule: LedgerRule, { drawn, distinct }: Ledger): string[] {
  const { world, steps, batch } = rule;
  const count = steps * batch;
  const { least, most } = distinctOf(rule);
  const expected = least === most ? `${most}` : `${least} to ${most}`;
  return [
    ...(drawn === count ? [] : [`${world}: drew ${drawn} samples: expected ${count}`]),
    ...(distinct >= least && distinct <= most
      ? []
      : [`${world}: drew ${distinct} different samples: expected ${expected}`]),
  ];
}

function distinctOf({ steps, batch, samples }: LedgerRule): { least: number; most: number } {
  const count = steps * batch;
  if (samples === null || count <= samples - (samples % batch)) return { least: count, most: count };
  const perEpoch = samples - (samples % batch);
  const sure = perEpoch === samples || count >= sureEpochs * perEpoch;
  return { least: sure ? samples : perEpoch, most: Math.min(samples, count) };
}

/** How many samples two sets of numbers share. */
export function sharedSamples(a: Int32Array, b: Int32Array): number {
  const known = new Set(a);
  let shared = 0;
  for (const id of new Set(b)) if (known.has(id)) shared++;
  return shared;
}
