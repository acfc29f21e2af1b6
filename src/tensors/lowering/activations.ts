import { batchFirst, madeBatchLast } from '../graph/batch-last.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { add, binary, cast, clip, mul, unary, where } from '../graph/elementwise.ts';
import type { Value } from '../graph/values.ts';
import { type Row, row } from './row.ts';

export const activationRows: readonly Row[] = [
  row('Relu', 'Relu', (g, { x }) => unary(g, 'Relu', x)),
  row('Relu6', 'Clip to 0…6', (g, { x }) => clip(g, x, 0, 6)),
  row<'x', { alpha: number }>('LeakyRelu', 'LeakyRelu', (g, { x }, { alpha }) => leakyRelu(g, x, alpha)),
  row<'x' | 'alpha'>('Prelu', 'PRelu', (g, { x, alpha }) => g.node('PRelu', [x, alpha], x)),
  row<'dy' | 'y'>('EluGrad', 'Where(y ≥ 0, dy, dy · (y + 1))', (g, { dy, y }) =>
    where(g, binary(g, 'GreaterOrEqual', y, g.uniform(0), 'bool'), dy, mul(g, dy, add(g, y, g.uniform(1)))),
  ),
  row<'x', { alpha: number }>(
    'Step',
    'Cast of Greater than 0; Where for a slope below 0',
    (g, { x }, { alpha }) => {
      const positive = binary(g, 'Greater', x, g.uniform(0, [], x.dtype), 'bool');
      if (alpha === 0) return cast(g, positive, x.dtype);
      return where(g, positive, g.uniform(1, [], x.dtype), cast(g, g.uniform(alpha), x.dtype));
    },
    'tfjs gives NaN for NaN, this 0',
  ),
];

function leakyRelu(g: GraphBuilder, x: Value, alpha: number): Value {
  const floats = cast(g, x, 'float32');
  const image = madeBatchLast(floats);
  if (image) return batchFirst(g, leakyRelu(g, image, alpha));
  return g.node('LeakyRelu', [floats], floats, { alpha: { float: alpha } });
}

/** What the fused kernels say about what comes after the product. */
export interface FusedAttributes {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** The end of a fused kernel: bias, then activation. */
export function finished(
  g: GraphBuilder,
  product: Value,
  bias: Value | undefined,
  slope: Value | undefined,
  { activation, leakyreluAlpha }: FusedAttributes,
): Value {
  const x = bias ? add(g, product, bias) : product;
  switch (activation ?? 'linear') {
    case 'linear':
      return x;
    case 'relu6':
      return clip(g, x, 0, 6);
    case 'prelu':
      return slope ? g.node('PRelu', [x, slope], x) : x;
    case 'leakyrelu':
      return leakyRelu(g, x, leakyreluAlpha ?? 0.2);
    default:
      return unary(g, onnxActivations[activation as keyof typeof onnxActivations], x);
  }
}

const onnxActivations = { relu: 'Relu', elu: 'Elu', sigmoid: 'Sigmoid' } as const;
