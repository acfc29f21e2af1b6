import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import {
  correlation,
  correlationFilterGradient,
  correlationInputGradient,
} from '../../../src/tensors/graph/correlation.ts';
import { nodesOf } from '../../../src/tensors/graph/inline.ts';
import type { Value } from '../../../src/tensors/graph/values.ts';
import { offsetsIn, type WindowAxis } from '../../../src/tensors/graph/windows.ts';
import { runGraph } from './run.ts';

interface Layer {
  readonly channels: number;
  readonly out: number;
  readonly height: WindowAxis;
  readonly width: WindowAxis;
}

const BATCH = 2;
const volume = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);
/** Whole numbers, of which sums are exact in whichever order. */
const whole = (size: number, by: number): number[] =>
  Array.from({ length: size }, (_, i) => ((i * by) % 13) - 6);

const axis = (length: number, size: number, stride: number, before: number, after: number, dilation = 1) => ({
  ...{ length, size, stride, dilation, before },
  places: Math.floor((length + before + after - (size - 1) * dilation - 1) / stride) + 1,
});

/** Calls for each number of the filter that meets one of the image: by the book. */
function meetings(
  { channels, out, height, width }: Layer,
  call: (x: number, filter: number, y: number) => void,
): void {
  for (const p of offsetsIn(height.places))
    for (const q of offsetsIn(width.places))
      for (const ky of offsetsIn(height.size))
        for (const kx of offsetsIn(width.size)) {
          const row = p * height.stride + ky * height.dilation - height.before;
          const column = q * width.stride + kx * width.dilation - width.before;
          if (row < 0 || row >= height.length || column < 0 || column >= width.length) continue;
          for (const c of offsetsIn(channels))
            for (const o of offsetsIn(out))
              for (const b of offsetsIn(BATCH)) {
                const x = ((c * height.length + row) * width.length + column) * BATCH + b;
                const y = ((o * height.places + p) * width.places + q) * BATCH + b;
                call(x, ((ky * width.size + kx) * channels + c) * out + o, y);
              }
        }
}

function shapesOf({ channels, out, height, width }: Layer) {
  return {
    x: [channels, height.length, width.length, BATCH],
    filter: [height.size, width.size, channels, out],
    y: [out, height.places, width.places, BATCH],
  };
}

const layers: readonly (readonly [string, Layer])[] = [
  ['one step at a time', { channels: 2, out: 3, height: axis(5, 3, 1, 1, 1), width: axis(4, 3, 1, 1, 1) }],
  [
    'a stride that does not divide the size',
    { channels: 2, out: 3, height: axis(7, 3, 2, 1, 1), width: axis(6, 2, 3, 0, 0) },
  ],
  ['tiles', { channels: 1, out: 2, height: axis(6, 2, 2, 0, 0), width: axis(6, 3, 3, 0, 0) }],
  ['twice the stride', { channels: 2, out: 9, height: axis(8, 4, 2, 1, 1), width: axis(6, 4, 2, 1, 1) }],
  ['few outputs', { channels: 4, out: 1, height: axis(8, 4, 2, 1, 1), width: axis(6, 4, 2, 1, 1) }],
  ['few outputs, a rest', { channels: 1, out: 1, height: axis(23, 8, 4, 0, 0), width: axis(15, 8, 4, 0, 0) }],
  [
    'three times the stride',
    { channels: 3, out: 1, height: axis(9, 6, 2, 2, 3), width: axis(7, 3, 1, 1, 1) },
  ],
  ['a wide start', { channels: 1, out: 2, height: axis(6, 4, 2, 3, 3), width: axis(6, 4, 2, 3, 3) }],
  // TensorFlow has no dilation beside a stride.
  ['dilation', { channels: 2, out: 2, height: axis(11, 4, 1, 1, 1, 2), width: axis(9, 3, 1, 1, 1, 2) }],
];

describe.each(layers)('windows over an image with the batch last, by the book: %s', (_, layer) => {
  const { height, width } = layer;
  const shapes = shapesOf(layer);
  const numbers = {
    x: whole(volume(shapes.x), 7),
    filter: whole(volume(shapes.filter), 5),
    y: whole(volume(shapes.y), 11),
  };

  /** @param add what each meeting of an image's, a filter's and a result's number adds to the numbers of `of` */
  function agrees(
    of: keyof typeof shapes,
    make: (g: GraphBuilder, input: (name: keyof typeof shapes) => Value) => Value,
    add: (expected: number[], x: number, filter: number, y: number) => void,
  ): void {
    const g = new GraphBuilder();
    const made = make(g, name => g.input(name, { dtype: 'float32', shape: shapes[name] }));
    expect(made.shape).toEqual(shapes[of]);
    const expected = new Array<number>(volume(shapes[of])).fill(0);
    meetings(layer, (...places) => add(expected, ...places));
    expect(runGraph(g.graph({ made }), numbers)['made']).toEqual(expected);
  }

  it('what the filter finds', () =>
    agrees(
      'y',
      (g, input) => correlation(g, input('x'), input('filter'), height, width),
      (expected, x, filter, y) => {
        expected[y] += numbers.x[x] * numbers.filter[filter];
      },
    ));

  it('what each of its elements met', () =>
    agrees(
      'filter',
      (g, input) => correlationFilterGradient(g, input('x'), input('y'), height, width),
      (expected, x, filter, y) => {
        expected[filter] += numbers.x[x] * numbers.y[y];
      },
    ));

  it('what each element of the image is given', () =>
    agrees(
      'x',
      (g, input) => correlationInputGradient(g, input('y'), input('filter'), height, width),
      (expected, x, filter, y) => {
        expected[x] += numbers.filter[filter] * numbers.y[y];
      },
    ));
});

describe('operations', () => {
  const nodesFor = (layer: Layer) => {
    const g = new GraphBuilder();
    const shapes = shapesOf(layer);
    const image = g.input('x', { dtype: 'float32', shape: shapes.x });
    const filter = g.input('filter', { dtype: 'float32', shape: shapes.filter });
    const y = correlation(g, image, filter, layer.height, layer.width);
    const df = correlationFilterGradient(g, image, y, layer.height, layer.width);
    return nodesOf(g.graph({ y, df }));
  };
  const height = axis(10, 4, 2, 0, 0);

  it('few outputs take one product each way, and rows are parted once for both', () => {
    const nodes = nodesFor({ channels: 4, out: 1, height, width: axis(10, 4, 2, 0, 0) });
    const ops = nodes.map(({ op }) => op);
    expect(ops).not.toContain('Conv');
    expect(ops.filter(op => op === 'MatMul' || op === 'Gemm')).toHaveLength(2);
    const parted = nodes.filter(
      ({ op, attributes }) => op === 'Transpose' && `${Object.values(attributes.perm)}` === '0,2,1,3',
    );
    expect(parted).toHaveLength(1);
  });

  it('many outputs leave the image to Conv', () => {
    const nodes = nodesFor({ channels: 1, out: 8, height, width: axis(10, 4, 2, 0, 0) });
    expect(nodes.filter(({ op }) => op === 'Conv')).toHaveLength(1);
  });
});
