import type { GraphBuilder } from './builder.ts';
import { gather } from './shapes.ts';
import { uniformOf, type Value } from './values.ts';

/** How many elements come before and after along each axis. */
export type Paddings = readonly (readonly [number, number])[];

/** The value with `fill` around it. Negative paddings cut elements off. */
export function pad(g: GraphBuilder, x: Value, paddings: Paddings, fill = 0): Value {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = paddedShape(x, paddings);
  if (uniformOf(x) === fill) return g.uniform(fill, shape, x.dtype);
  return g.node('Pad', [x, padsOf(g, paddings), g.uniform(fill, [], x.dtype)], { dtype: x.dtype, shape });
}

/**
 * The value with its own elements, mirrored, around it.
 * @param withEdge whether the element at the edge comes twice
 */
export function mirrorPad(g: GraphBuilder, x: Value, paddings: Paddings, withEdge: boolean): Value {
  if (!withEdge && paddings.some(([before, after]) => before > 0 || after > 0)) {
    return g.node(
      'Pad',
      [x, padsOf(g, paddings)],
      { dtype: x.dtype, shape: paddedShape(x, paddings) },
      { mode: { string: 'reflect' } },
    );
  }
  // ONNX has no mode for it.
  return paddings.reduce((value, [before, after], axis) => {
    if (before === 0 && after === 0) return value;
    const last = x.shape[axis] - 1;
    const positions = Array.from({ length: before + last + 1 + after }, (_, i) => {
      const position = i - before;
      return position < 0 ? -1 - position : position > last ? 2 * last + 1 - position : position;
    });
    return gather(g, value, g.indices(positions), axis);
  }, x);
}

/** The elements moved along an axis by `by` places, forwards or backwards; `fill` moves in, the last ones move out. */
export function shifted(g: GraphBuilder, x: Value, axis: number, by: number, fill: number): Value {
  return pad(
    g,
    x,
    x.shape.map((_, i) => (i === axis ? [by, -by] : [0, 0])),
    fill,
  );
}

const paddedShape = (x: Value, paddings: Paddings): readonly number[] =>
  x.shape.map((length, axis) => length + paddings[axis][0] + paddings[axis][1]);

/** As ONNX wants them: all beginnings, then all ends. */
const padsOf = (g: GraphBuilder, paddings: Paddings): Value =>
  g.indices([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
