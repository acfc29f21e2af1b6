import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  flattenTree,
  type HostTensor,
  hostScalar,
  hostTensor,
  leavesOf,
  mapTree,
  type Tree,
  treeLayout,
  unflattenTree,
  visitTree,
} from '../../src/tensors/index.ts';
import { leavesAlong } from '../../src/tensors/trees.ts';

const leaf: fc.Arbitrary<HostTensor> = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
  .chain(shape => {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = fc.array(fc.float(), { minLength: size, maxLength: size });
    return values.map(numbers => hostTensor(shape, numbers));
  });

const tree: fc.Arbitrary<Tree<HostTensor>> = fc.letrec<{ tree: Tree<HostTensor> }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.dictionary(fc.string({ minLength: 1 }), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('tree'), { maxLength: 3 }),
  ),
})).tree;

describe('tree layouts', () => {
  it('take any tree to a vector and back, bit for bit', () => {
    fc.assert(
      fc.property(tree, original => {
        const layout = treeLayout(original);
        const vector = flattenTree(original);
        expect(vector.length).toBe(layout.size);
        expect(unflattenTree(vector, layout)).toEqual(original);
      }),
    );
  });

  it('are the order in which keys were added, whatever the order of the tree at hand', () => {
    const layout = treeLayout({ b: hostScalar(1), a: hostTensor([2], [2, 3]) });
    expect(layout.leaves.map(({ path, offset }) => [path, offset])).toEqual([
      ['b', 0],
      ['a', 1],
    ]);
    expect([...flattenTree({ a: hostTensor([2], [8, 9]), b: hostScalar(7) }, layout)]).toEqual([7, 8, 9]);
  });

  it('name the leaf that does not fit', () => {
    const layout = treeLayout({ policy: [{ w: hostTensor([2], [1, 2]) }] });
    const other = { policy: [{ w: hostTensor([3], [1, 2, 3]) }] };
    expect(() => flattenTree(other, layout)).toThrow('policy.0.w: expected shape [2], got [3]');
    expect(() => unflattenTree(new Float32Array(3), layout)).toThrow('expected 2 values, got 3');
    const counts = { n: { shape: [1], data: Int32Array.of(1) } };
    expect(() => treeLayout(counts)).toThrow('n: expected float32');
  });
});

describe('trees', () => {
  it('are walked with paths', () => {
    const paths: string[] = [];
    visitTree({ a: [hostScalar(1), hostScalar(2)], b: { c: hostScalar(3) } }, (_, path) => paths.push(path));
    expect(paths).toEqual(['a.0', 'a.1', 'b.c']);
  });

  it('leave out what is undefined', () => {
    expect(leavesOf({ a: undefined, b: hostScalar(1) })).toEqual([hostScalar(1)]);
    expect(mapTree({ a: undefined, b: 2 }, (n: number) => n + 1)).toEqual({ b: 3 });
  });

  it.each([
    [{ a: 1, b: 2 }, { a: 1 }, 'tree.b: missing'],
    [{ a: 1 }, { a: 1, b: 2 }, 'tree.b: not expected here'],
    [{ a: 1 }, { a: { b: 1 } }, 'tree.a: expected a tensor, got a tree with b'],
    [{ a: { b: 1 } }, { a: 1 }, 'tree.a: expected a tree with b, got a tensor'],
    [{ a: [1] }, { a: null }, 'tree.a: expected a list of 1, got null'],
    [
      { a: 1 },
      { a: new Float32Array(2) },
      'tree.a: expected a tensor, got a bare Float32Array without a shape',
    ],
  ])('say where two forms differ: %j %j', (like, other, message) => {
    expect(() => leavesAlong(like, other, 'tree')).toThrow(message);
  });
});

describe('hostTensor', () => {
  it('refuses a shape that its values do not fill', () => {
    expect(() => hostTensor([2, 2], [1, 2, 3])).toThrow('shape [2, 2] holds 4 elements, got 3 values');
  });
});
