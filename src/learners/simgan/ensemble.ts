import type { PolicyRef } from '../../actors/policy.ts';
import { compilePolicy, fillNoise, type PolicyPrograms } from '../../actors/policy-programs.ts';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../../tensors/index.ts';
import { unpackParameters } from './packed-parameters.ts';

/** Rows that programs are called with: products of matrices may round by how many there are, and a copy must not notice. */
const BLOCK = 32;

/** Several policies of one kind, of which each row asks one. */
export interface Ensemble {
  readonly members: number;
  /** Numbers in an action. */
  readonly width: number;
  /** What is seen, [rows × observation size], to be written before `act`. */
  readonly inputs: Float32Array;
  /** What they chose, [rows × width]. */
  readonly actions: Float32Array;
  /** Draws the normal numbers that a row's action takes; where nobody does, the row gets the noise it had before. */
  drawNoise(row: number, random: Random): void;
  /** Fills `actions`. @param memberOf which policy a row asks @param drawn whether actions are drawn, or those thought best */
  act(memberOf: (row: number) => number, drawn: boolean): void;
  dispose(): void;
}

/**
 * An ensemble for a number of rows. Nothing is allocated in a step but what programs give.
 * @param members their programs, with parameters in place
 * @param size numbers in an observation
 * @param width numbers in an action
 */
export function ensembleOf(
  members: readonly PolicyPrograms[],
  rows: number,
  size: number,
  width: number,
): Ensemble {
  const { kind, size: draws } = members[0].noise;
  const blocks = Math.ceil(rows / BLOCK);
  const inputs = new Float32Array(blocks * BLOCK * size);
  const noise = new Float32Array(blocks * BLOCK * draws);
  const actions = new Float32Array(rows * width);
  const views = Array.from({ length: blocks }, (_, b) => ({
    inputs: rowsOf(inputs, b, size),
    noise: rowsOf(noise, b, draws),
  }));
  const noises = Array.from({ length: rows }, (_, row) => noise.subarray(row * draws, (row + 1) * draws));
  const wanted = new Int32Array(rows);

  function actInBlock(block: number, drawn: boolean): void {
    const [from, to] = [block * BLOCK, Math.min(rows, (block + 1) * BLOCK)];
    const view = views[block];
    for (let m = 0; m < members.length; m++) {
      let asked = false;
      for (let row = from; row < to; row++) asked ||= wanted[row] === m;
      if (!asked) continue;
      const { data } = drawn ? members[m].act(view.inputs, view.noise) : members[m].decide(view.inputs);
      for (let row = from; row < to; row++) {
        if (wanted[row] !== m) continue;
        for (let k = 0; k < width; k++) actions[row * width + k] = data[(row - from) * width + k];
      }
    }
  }

  return {
    members: members.length,
    width,
    inputs,
    actions,
    drawNoise: (row, random) => fillNoise(kind, random, noises[row]),
    act(memberOf, drawn) {
      for (let row = 0; row < rows; row++) wanted[row] = memberOf(row);
      for (let b = 0; b < blocks; b++) actInBlock(b, drawn);
    },
    dispose() {
      for (const member of members) member.dispose();
    },
  };
}

/**
 * An ensemble of policies of one kind by their packed parameters, as `ensembleOf` makes it.
 * @param name of the option that holds them
 * @throws a usage error where one has another number of parameters than the policy takes
 */
export async function loadEnsemble(
  policy: PolicyRef,
  { name, packed }: { readonly name: string; readonly packed: readonly string[] },
  rows: number,
  size: number,
  width: number,
): Promise<Ensemble> {
  const members = await Promise.all(
    packed.map(async (each, k) => {
      const programs = await compilePolicy(policy);
      programs.setParameters(unpackParameters(each, policy.size, `${name}[${k}]`));
      return programs;
    }),
  );
  return ensembleOf(members, rows, size, width);
}

const rowsOf = (data: Float32Array, block: number, size: number): HostTensor => ({
  shape: [BLOCK, size],
  data: data.subarray(block * BLOCK * size, (block + 1) * BLOCK * size),
});
