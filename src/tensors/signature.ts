import { usageError } from '../core/errors.ts';
import type { HostTensor, Tree } from './contract.ts';
import { checkFilled, dtypeOfHost, hostScalar } from './host.ts';
import type { LeafSpec } from './leaf-spec.ts';
import type { Feeds } from './programs/contract.ts';
import type { TreeForm } from './trace/trace.ts';
import { leavesAlong, mapTree, visitTree } from './trees.ts';

/** What the inputs of a program look like. The first call settles names and element types; shapes may differ later. */
export class Signature {
  readonly #program: string;
  readonly form: Readonly<Record<string, Tree<number>>>;
  readonly #specs: readonly LeafSpec[];
  /** Which input each leaf is of. */
  readonly entries: readonly string[];

  /** @param isState whether a name is taken by the program's state */
  constructor(program: string, first: Feeds, isState: (name: string) => boolean) {
    this.#program = program;
    const specs: LeafSpec[] = [];
    const entries: string[] = [];
    for (const [name, tree] of Object.entries(first)) {
      if (isState(name)) throw usageError(`${program}: inputs.${name}: the program's state has this name`);
      if (tree === undefined) continue;
      visitTree<HostTensor | number>(
        tree,
        (leaf, path) => {
          const host = asHost(leaf);
          specs.push({ path, shape: [...host.shape], dtype: dtypeOfHost(host, path) });
          entries.push(name);
        },
        `${program}: inputs.${name}`,
      );
    }
    this.#specs = specs;
    this.entries = entries;
    this.form = mapTree<unknown, number>(first, () => 0) as Record<string, Tree<number>>;
  }

  /** The leaves of some inputs, in order, checked against the first call's names and element types. */
  leaves(inputs: Feeds): readonly HostTensor[] {
    const leaves = leavesAlong<HostTensor | number>(this.form, inputs, `${this.#program}: inputs`);
    return leaves.map((leaf, i) => {
      const host = asHost(leaf);
      const { path, dtype } = this.#specs[i];
      const given = dtypeOfHost(host, path);
      if (given !== dtype) {
        throw usageError(`${path}: expected ${dtype} as in the first call, got ${given}`);
      }
      return checkFilled(host, path);
    });
  }

  /** The trees for leaves of these shapes. */
  treeForm(shapes: readonly (readonly number[])[]): TreeForm {
    return {
      form: this.form,
      specs: this.#specs.map((spec, i) => ({ ...spec, shape: [...shapes[i]] })),
    };
  }
}

const asHost = (leaf: HostTensor | number): HostTensor =>
  typeof leaf === 'number' ? hostScalar(leaf) : leaf;

/** Whether leaves have these shapes. */
export function haveShapes(leaves: readonly HostTensor[], shapes: readonly (readonly number[])[]): boolean {
  for (let i = 0; i < shapes.length; i++) {
    const [given, wanted] = [leaves[i].shape, shapes[i]];
    if (given.length !== wanted.length) return false;
    for (let axis = 0; axis < wanted.length; axis++) if (given[axis] !== wanted[axis]) return false;
  }
  return true;
}
