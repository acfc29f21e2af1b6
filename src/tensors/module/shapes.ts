import { sizeOf } from '../../core/arrays.ts';
import type { GraphNode, Value } from '../graph/values.ts';
import { axisOf, type BlockRow, intOf, linear, overAll, type Site, stridesOf, wholeNumbers } from './row.ts';

type Write = (site: Site, node: GraphNode, x: Value, out: Value) => void;

const block = (op: string, write: Write): BlockRow => ({
  op,
  kind: 'block',
  write: (site, node) => write(site, node, node.inputs[0] as Value, node.outputs[0]),
});

/** The same elements in the same order. */
const sameElements = (op: string): BlockRow => block(op, (site, _, x, out) => site.bind(out, site.array(x)));

/** Fills `out` from `x`: the element at coordinates c is the one at offset + Σ c · strides. */
function copy(site: Site, out: Value, x: Value, offset: number, strides: readonly number[]): void {
  const to = stridesOf(out.shape);
  overAll(site, out.shape, at => {
    site.line(`${site.array(out)}[${linear(0, at, to)}] = ${site.at(x, linear(offset, at, strides))};`);
  });
}

/** Cuts `x` along an axis into `parts`. */
function cut(site: Site, x: Value, parts: readonly Value[], axis: number): void {
  const strides = stridesOf(x.shape);
  let from = 0;
  for (const part of parts) {
    copy(site, part, x, from * strides[axis], strides);
    from += part.shape[axis];
  }
}

export const shapeRows: readonly BlockRow[] = [
  sameElements('Identity'),
  sameElements('Reshape'),
  sameElements('Squeeze'),
  sameElements('Unsqueeze'),
  sameElements('Flatten'),
  block('Transpose', (site, { attributes: { perm } }, x, out) => {
    const strides = stridesOf(x.shape);
    const order = perm && 'ints' in perm ? perm.ints : x.shape.map((_, axis) => x.shape.length - 1 - axis);
    copy(
      site,
      out,
      x,
      0,
      order.map(axis => strides[axis]),
    );
  }),
  block('Expand', (site, _, x, out) => {
    const strides = stridesOf(x.shape);
    const missing = out.shape.length - x.shape.length;
    copy(
      site,
      out,
      x,
      0,
      out.shape.map((_, axis) =>
        axis < missing || x.shape[axis - missing] === 1 ? 0 : strides[axis - missing],
      ),
    );
  }),
  block('Concat', (site, node, _, out) => {
    const axis = axisOf(intOf(node, 'axis', 0), out.shape.length);
    const strides = stridesOf(out.shape);
    let from = 0;
    for (const part of node.inputs as readonly Value[]) {
      const own = stridesOf(part.shape);
      const offset = from * strides[axis];
      overAll(site, part.shape, at => {
        site.line(
          `${site.array(out)}[${linear(offset, at, strides)}] = ${site.at(part, linear(0, at, own))};`,
        );
      });
      from += part.shape[axis];
    }
  }),
  block('Split', (site, node, x) =>
    cut(site, x, node.outputs, axisOf(intOf(node, 'axis', 0), x.shape.length)),
  ),
  block('Slice', (site, node, x, out) => {
    const [starts, , axes, steps] = node.inputs.slice(1).map(wholeNumbers);
    const strides = stridesOf(x.shape);
    const moved = [...strides];
    let offset = 0;
    axes.forEach((axis, i) => {
      const length = x.shape[axis];
      const start = starts[i] < 0 ? starts[i] + length : starts[i];
      // A start past the end is the last element where one goes backwards.
      offset += Math.max(0, Math.min(start, steps[i] < 0 ? length - 1 : length)) * strides[axis];
      moved[axis] = strides[axis] * steps[i];
    });
    copy(site, out, x, offset, moved);
  }),
  block('Gather', (site, node, x, out) => {
    const indices = node.inputs[1] as Value;
    const axis = axisOf(intOf(node, 'axis', 0), x.shape.length);
    const after = sizeOf(x.shape.slice(axis + 1));
    const length = x.shape[axis];
    overAll(site, [sizeOf(x.shape.slice(0, axis)), sizeOf(indices.shape), after], ([outer, at, inner]) => {
      const row = site.fresh();
      const to = linear(0, [outer, at, inner], [sizeOf(indices.shape) * after, after, 1]);
      site.line(`const ${row} = ${site.at(indices, at)};`);
      const from = `(${row} < 0 ? ${row} + ${length} : ${row})`;
      site.line(
        `${site.array(out)}[${to}] = ${site.at(x, linear(0, [outer, from, inner], [length * after, after, 1]))};`,
      );
    });
  }),
];
