import type { GraphBuilder } from '../graph/builder.ts';
import { add, binary, div, mul, square, sub, unary } from '../graph/elementwise.ts';
import { matMul } from '../graph/linear.ts';
import type { Value } from '../graph/values.ts';
import { axesOf, type Row, row } from './row.ts';

interface ResponseAttributes {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

export const normalizationRows: readonly Row[] = [
  row<'logits', { dim: number }>('Softmax', 'Softmax', (g, { logits }, { dim }) =>
    g.node('Softmax', [logits], logits, { axis: { int: axesOf(dim, logits.shape.length)[0] } }),
  ),
  row<'x' | 'mean' | 'variance' | 'offset' | 'scale', { varianceEpsilon: number }>(
    'FusedBatchNorm',
    '(x − mean) · (scale / Sqrt(variance + ε)) + offset',
    (g, { x, mean, variance, offset, scale }, { varianceEpsilon }) => {
      const deviation = unary(g, 'Sqrt', add(g, variance, g.uniform(varianceEpsilon)));
      const factor = div(g, scale ?? g.uniform(1), deviation);
      const scaled = mul(g, sub(g, x, mean), factor);
      return offset ? add(g, scaled, offset) : scaled;
    },
    'scale and offset may be absent',
  ),
  row<'x', ResponseAttributes>(
    'LRN',
    'sums over neighbouring channels as MatMul with a band of ones; Pow, Mul',
    (g, { x }, attributes) => {
      const exponent = g.uniform(-attributes.beta);
      return mul(g, x, binary(g, 'Pow', responseNorm(g, x, attributes), exponent));
    },
    'ONNX’ own wants the channels first',
  ),
  row<'x' | 'y' | 'dy', ResponseAttributes>(
    'LRNGrad',
    'dy · norm^−β − 2αβ · x · MatMul(dy · y / norm, band)',
    (g, { x, y, dy }, attributes) => {
      const { alpha, beta } = attributes;
      const norm = responseNorm(g, x, attributes);
      const own = mul(g, dy, binary(g, 'Pow', norm, g.uniform(-beta)));
      const others = matMul(g, div(g, mul(g, dy, y), norm), band(g, x, attributes));
      return sub(g, own, mul(g, mul(g, x, others), g.uniform(2 * alpha * beta)));
    },
  ),
];

/** bias + α · the sum of squares over the channels around each one. */
function responseNorm(g: GraphBuilder, x: Value, attributes: ResponseAttributes): Value {
  const sums = matMul(g, square(g, x), band(g, x, attributes));
  return add(g, mul(g, sums, g.uniform(attributes.alpha)), g.uniform(attributes.bias));
}

function band(g: GraphBuilder, x: Value, { depthRadius }: ResponseAttributes): Value {
  const channels = x.shape[3];
  const near = (_: unknown, i: number) =>
    Number(Math.abs(Math.floor(i / channels) - (i % channels)) <= depthRadius);
  const data = Float32Array.from({ length: channels * channels }, near);
  return g.constant(data, [channels, channels], 'float32');
}
