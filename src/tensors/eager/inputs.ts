import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import type { HostTensor, Tree } from '../contract.ts';
import { checkFilled, dtypeOfHost, hostScalar } from '../host.ts';
import { leavesAlong, mapTree, treeLike, visitTree } from '../trees.ts';
import { checkLeaf, type LeafSpec, upload } from './device.ts';

export type Feeds = Record<string, Tree<HostTensor | number>>;

/** What the inputs of a program look like: the trees, shapes and dtypes of its first call, which hold from then on. */
export class InputSignature {
  readonly #program: string;
  readonly #form: unknown;
  readonly #specs: readonly LeafSpec[];

  /** @param isState whether a name is taken by the program's state */
  constructor(program: string, first: Feeds, isState: (name: string) => boolean) {
    this.#program = program;
    for (const name in first) {
      if (isState(name)) throw usageError(`${program}: inputs.${name}: the program's state has this name`);
    }
    const specs: LeafSpec[] = [];
    visitTree<HostTensor | number>(
      first,
      (leaf, path) => {
        const host = asHost(leaf);
        specs.push({ path, shape: [...host.shape], dtype: dtypeOfHost(host, path) });
      },
      `${program}: inputs`,
    );
    this.#specs = specs;
    // The form alone: the first inputs themselves may be views of a ring, and large.
    this.#form = mapTree<unknown, number>(first, () => 0);
  }

  /** Checks inputs and brings them to the device. */
  upload(inputs: Feeds): Record<string, Tree<Tensor>> {
    const leaves = leavesAlong<HostTensor | number>(this.#form, inputs, `${this.#program}: inputs`);
    const hosts = leaves.map((leaf, i) => {
      const host = asHost(leaf);
      const spec = this.#specs[i];
      checkLeaf(spec, host.shape, dtypeOfHost(host, spec.path), 'as in the first call');
      return checkFilled(host, spec.path);
    });
    return treeLike(this.#form, hosts.map(upload)) as Record<string, Tree<Tensor>>;
  }
}

const asHost = (leaf: HostTensor | number): HostTensor =>
  typeof leaf === 'number' ? hostScalar(leaf) : leaf;
