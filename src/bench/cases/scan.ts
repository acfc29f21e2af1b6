import type { Random } from '../../core/random.ts';
import { type HostTensor, mapTree } from '../../tensors/index.ts';
import type { Inputs, StudyCase } from './contract.ts';

/** Inputs as `scan` takes them: those whose rows are gathered, and those that every step sees whole. */
export interface Split {
  readonly rows: Inputs;
  readonly whole: Inputs;
}

/** All that `scan` takes for a case that has one: its inputs apart, and every row once in random order. */
export function scanOf({ name, scan }: StudyCase, inputs: Inputs, random: Random) {
  if (!scan) throw new Error(`${name}: this case is no scan`);
  const { rows, batch, steps } = scan;
  const part = (wanted: boolean) =>
    Object.fromEntries(Object.entries(inputs).filter(([key]) => rows.includes(key) === wanted));
  return {
    batch,
    steps,
    indices: shuffled(random, batch * steps),
    split: { rows: part(true), whole: part(false) },
  };
}

/** The inputs of step `k` of a scan, gathered on the host. */
export function gathered({ rows, whole }: Split, indices: Int32Array, batch: number, k: number): Inputs {
  const chosen = indices.subarray(k * batch, (k + 1) * batch);
  const gather = ({ shape: [, ...row], data }: HostTensor): HostTensor => {
    const width = row.reduce((product, n) => product * n, 1);
    const out = data.slice(0, batch * width);
    for (const [to, from] of chosen.entries()) {
      out.set(data.subarray(from * width, (from + 1) * width), to * width);
    }
    return { shape: [batch, ...row], data: out };
  };
  return { ...(mapTree(rows, gather) as Inputs), ...whole };
}

function shuffled(random: Random, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
