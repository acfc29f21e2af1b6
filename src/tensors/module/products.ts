import { TroupeError } from '../../core/errors.ts';
import { broadcastShape } from '../graph/elementwise.ts';
import type { GraphNode, Value } from '../graph/values.ts';
import { type BlockRow, floatOf, intOf, linear, overAll, type Site, stridesOf } from './row.ts';

/** Sums that one inner loop gathers side by side: each needs the last one's result, so that several keep the processor busy. */
const SIDE_BY_SIDE = 8;

/** A matrix in an array: where it begins (an expression), and how far apart its rows and columns are. */
interface Matrix {
  readonly array: string;
  readonly start: string;
  readonly row: number;
  readonly column: number;
}

/** `out` = a · b, row-major from `start` on; `finish` makes of a sum what is stored. Sums are float64. */
function product(
  site: Site,
  a: Matrix,
  b: Matrix,
  { array, start }: Pick<Matrix, 'array' | 'start'>,
  [rows, inner, columns]: readonly [number, number, number],
  finish: (sum: string, row: string, column: string) => string = sum => sum,
): void {
  overAll(site, [rows, 1], ([row]) => {
    const fromA = row === '0' ? a.start : `${a.start} + ${row} * ${a.row}`;
    const toOut = row === '0' ? start : `${start} + ${row} * ${columns}`;
    const whole = columns - (columns % SIDE_BY_SIDE);
    if (whole > 0) {
      const column = site.fresh();
      site.line(`for (let ${column} = 0; ${column} < ${whole}; ${column} += ${SIDE_BY_SIDE}) {`);
      sums(column, SIDE_BY_SIDE);
      site.line('}');
    }
    if (whole < columns) sums(String(whole), columns - whole);

    function sums(column: string, count: number): void {
      const each = Array.from({ length: count }, () => site.fresh());
      const [k, p, q, x] = [site.fresh(), site.fresh(), site.fresh(), site.fresh()];
      site.line(`let ${each.map(sum => `${sum} = 0`).join(', ')};`);
      const first = `${b.start} + ${column} * ${b.column}`;
      const head = `let ${k} = 0, ${p} = ${fromA}, ${q} = ${first}; ${k} < ${inner}; ${k}++`;
      site.line(`for (${head}, ${p} += ${a.column}, ${q} += ${b.row}) {`);
      site.line(`const ${x} = ${a.array}[${p}];`);
      each.forEach((sum, i) => {
        site.line(`${sum} += ${x} * ${b.array}[${q} + ${i * b.column}];`);
      });
      site.line('}');
      each.forEach((sum, i) => {
        site.line(`${array}[${toOut} + ${column} + ${i}] = ${finish(sum, row, `${column} + ${i}`)};`);
      });
    }
  });
}

function matMul(site: Site, node: GraphNode): void {
  const [a, b] = operands(node);
  const [out] = node.outputs;
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new TroupeError(
      `module: MatMul of ranks ${a.shape.length} and ${b.shape.length}, expected 2 or more`,
    );
  }
  const [rows, inner] = a.shape.slice(-2);
  const columns = b.shape[b.shape.length - 1];
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  overAll(site, batch, coordinates => {
    const startIn = ({ shape }: Value) => {
      const strides = stridesOf(shape);
      const missing = batch.length - (shape.length - 2);
      return linear(
        0,
        coordinates,
        batch.map((_, axis) => (axis < missing || shape[axis - missing] === 1 ? 0 : strides[axis - missing])),
      );
    };
    product(
      site,
      { array: site.array(a), start: startIn(a), row: inner, column: 1 },
      { array: site.array(b), start: startIn(b), row: columns, column: 1 },
      { array: site.array(out), start: linear(0, coordinates, stridesOf(out.shape)) },
      [rows, inner, columns],
    );
  });
}

function gemm(site: Site, node: GraphNode): void {
  const [a, b] = operands(node);
  const [out] = node.outputs;
  const c = node.inputs[2];
  const [transA, transB] = [intOf(node, 'transA', 0) === 1, intOf(node, 'transB', 0) === 1];
  const [alpha, beta] = [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)];
  const [rows, columns] = out.shape;
  const inner = a.shape[transA ? 0 : 1];
  const scaled = (factor: number, text: string) => (factor === 1 ? text : `${factor} * ${text}`);
  const finish = (sum: string, row: string, column: string) => {
    if (!c) return scaled(alpha, sum);
    const [height, width] = [1, 1, ...c.shape].slice(-2);
    const at = linear(0, [row, `(${column})`], [height === 1 ? 0 : width, width === 1 ? 0 : 1]);
    return `${scaled(alpha, sum)} + ${scaled(beta, site.at(c, at))}`;
  };
  product(
    site,
    { array: site.array(a), start: '0', row: transA ? 1 : inner, column: transA ? rows : 1 },
    { array: site.array(b), start: '0', row: transB ? 1 : columns, column: transB ? inner : 1 },
    { array: site.array(out), start: '0' },
    [rows, inner, columns],
    finish,
  );
}

function operands({ op, inputs: [a, b] }: GraphNode): readonly [Value, Value] {
  if (a?.dtype !== 'float32' || b?.dtype !== 'float32') {
    throw new TroupeError(`module: ${op} of ${a?.dtype} and ${b?.dtype}, expected float32`);
  }
  return [a, b];
}

export const productRows: readonly BlockRow[] = [
  { op: 'MatMul', kind: 'block', write: matMul },
  { op: 'Gemm', kind: 'block', write: gemm },
];
