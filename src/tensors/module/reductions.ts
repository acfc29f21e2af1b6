import { sizeOf } from '../../core/arrays.ts';
import type { GraphNode, Value } from '../graph/values.ts';
import {
  axisOf,
  type BlockRow,
  floatOf,
  intOf,
  linear,
  overAll,
  type Site,
  stridesOf,
  wholeNumbers,
} from './row.ts';

interface Folding {
  readonly first: string;
  next(sum: string, x: string): string;
  last?(sum: string, count: number): string;
}

const foldings: Readonly<Record<string, Folding>> = {
  ReduceSum: { first: '0', next: (sum, x) => `${sum} + ${x}` },
  ReduceMean: { first: '0', next: (sum, x) => `${sum} + ${x}`, last: (sum, count) => `${sum} / ${count}` },
  ReduceProd: { first: '1', next: (sum, x) => `${sum} * ${x}` },
  ReduceMax: { first: '-Infinity', next: (sum, x) => `Math.max(${sum}, ${x})` },
  ReduceMin: { first: 'Infinity', next: (sum, x) => `Math.min(${sum}, ${x})` },
};

/** Loops over the elements that stay and, inside, over those that are folded into one. */
function reduce(site: Site, node: GraphNode, { first, next, last }: Folding): void {
  const x = node.inputs[0] as Value;
  const [out] = node.outputs;
  const given = node.inputs[1] ? wholeNumbers(node.inputs[1]) : x.shape.map((_, axis) => axis);
  const axes = given.map(axis => axisOf(axis, x.shape.length));
  const strides = stridesOf(x.shape);
  const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const folded = x.shape.map((length, axis) => (axes.includes(axis) ? length : 1));
  overAll(site, kept, outer => {
    const sum = site.fresh();
    site.line(`let ${sum} = ${first};`);
    overAll(site, folded, inner => {
      const at = linear(0, [...outer, ...inner], [...strides, ...strides]);
      site.line(`${sum} = ${next(sum, site.at(x, at))};`);
    });
    const result = last ? last(sum, sizeOf(folded)) : sum;
    site.line(`${site.array(out)}[${linear(0, outer, stridesOf(kept))}] = ${result};`);
  });
}

/** Runs `body` for every line of `x` along an axis: `at` is the index of its elements, given the position in the line. */
function alongAxis(
  site: Site,
  x: Value,
  axis: number,
  body: (line: string, at: (position: string) => string, length: number) => void,
): void {
  const length = x.shape[axis];
  const after = sizeOf(x.shape.slice(axis + 1));
  overAll(site, [sizeOf(x.shape.slice(0, axis)), after], ([outer, inner]) => {
    const at = (position: string) => linear(0, [outer, position, inner], [length * after, after, 1]);
    body(linear(0, [outer, inner], [after, 1]), at, length);
  });
}

const arg = (op: 'ArgMax' | 'ArgMin'): BlockRow => ({
  op,
  kind: 'block',
  write(site, node) {
    const x = node.inputs[0] as Value;
    const better = op === 'ArgMax' ? '>' : '<';
    alongAxis(site, x, axisOf(intOf(node, 'axis', 0), x.shape.length), (line, at, length) => {
      const [best, i] = [site.fresh(), site.fresh()];
      site.line(`let ${best} = 0;`);
      site.line(`for (let ${i} = 1; ${i} < ${length}; ${i}++) {`);
      site.line(`if (${site.at(x, at(i))} ${better} ${site.at(x, at(best))}) ${best} = ${i};`);
      site.line('}');
      site.line(`${site.array(node.outputs[0])}[${line}] = ${best};`);
    });
  },
});

const softmax = (op: 'Softmax' | 'LogSoftmax'): BlockRow => ({
  op,
  kind: 'block',
  write(site, node) {
    const x = node.inputs[0] as Value;
    const out = site.array(node.outputs[0]);
    alongAxis(site, x, axisOf(intOf(node, 'axis', -1), x.shape.length), (_, at, length) => {
      const [top, sum, i] = [site.fresh(), site.fresh(), site.fresh()];
      const each = `for (let ${i} = 0; ${i} < ${length}; ${i}++)`;
      const less = `${site.at(x, at(i))} - ${top}`;
      site.line(`let ${top} = -Infinity, ${sum} = 0;`);
      site.line(`${each} ${top} = Math.max(${top}, ${site.at(x, at(i))});`);
      site.line(`${each} ${sum} += Math.exp(${less});`);
      const result = op === 'Softmax' ? `Math.exp(${less}) / ${sum}` : `${less} - Math.log(${sum})`;
      site.line(`${each} ${out}[${at(i)}] = ${result};`);
    });
  },
});

/** Over the axes from `axis` on: (x − mean) / √(variance + epsilon) · scale + bias. */
const layerNormalization: BlockRow = {
  op: 'LayerNormalization',
  kind: 'block',
  write(site, node) {
    const [x, scale, bias] = node.inputs as readonly Value[];
    const axis = axisOf(intOf(node, 'axis', -1), x.shape.length);
    const length = sizeOf(x.shape.slice(axis));
    const out = site.array(node.outputs[0]);
    overAll(site, [sizeOf(x.shape.slice(0, axis)), 1], ([row]) => {
      const [mean, square, factor, i] = [site.fresh(), site.fresh(), site.fresh(), site.fresh()];
      const each = `for (let ${i} = 0; ${i} < ${length}; ${i}++)`;
      const at = linear(0, [row, i], [length, 1]);
      site.line(`let ${mean} = 0, ${square} = 0;`);
      site.line(`${each} ${mean} += ${site.at(x, at)} / ${length};`);
      site.line(`${each} ${square} += (${site.at(x, at)} - ${mean}) ** 2 / ${length};`);
      site.line(`const ${factor} = 1 / Math.sqrt(${square} + ${floatOf(node, 'epsilon', 1e-5)});`);
      const scaled = `(${site.at(x, at)} - ${mean}) * ${factor} * ${site.at(scale, i)}`;
      site.line(`${each} ${out}[${at}] = ${bias ? `${scaled} + ${site.at(bias, i)}` : scaled};`);
    });
  },
};

export const reductionRows: readonly BlockRow[] = [
  ...Object.entries(foldings).map(
    ([op, folding]): BlockRow => ({ op, kind: 'block', write: (site, node) => reduce(site, node, folding) }),
  ),
  arg('ArgMax'),
  arg('ArgMin'),
  softmax('Softmax'),
  softmax('LogSoftmax'),
  layerNormalization,
];
