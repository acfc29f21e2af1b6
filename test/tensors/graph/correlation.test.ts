import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import {
  correlation,
  correlationFilterGradient,
  correlationInputGradient,
} from '../../../src/tensors/graph/correlation.ts';
import { offsetsIn, type WindowAxis } from '../../../src/tensors/graph/windows.ts';
import { opsOf, runGraph } from './run.ts';

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
  const shapes = shapesOf(layer);
  const x = whole(volume(shapes.x), 7);
  const filter = whole(volume(shapes.filter), 5);
  const dy = whole(volume(shapes.y), 11);

  it('what the filter finds', () => {
    const g = new GraphBuilder();
    const made = correlation(
      g,
      g.input('x', { dtype: 'float32', shape: shapes.x }),
      g.input('filter', { dtype: 'float32', shape: shapes.filter }),
      layer.height,
      layer.width,
    );
    expect(made.shape).toEqual(shapes.y);
    const expected = new Array<number>(volume(shapes.y)).fill(0);
    meetings(layer, (from, by, to) => {
      expected[to] += x[from] * filter[by];
    });
    expect(runGraph(g.graph({ y: made }), { x, filter })['y']).toEqual(expected);
  });

  it('what each of its elements met', () => {
    const g = new GraphBuilder();
    const made = correlationFilterGradient(
      g,
      g.input('x', { dtype: 'float32', shape: shapes.x }),
      g.input('dy', { dtype: 'float32', shape: shapes.y }),
      layer.height,
      layer.width,
    );
    expect(made.shape).toEqual(shapes.filter);
    const expected = new Array<number>(volume(shapes.filter)).fill(0);
    meetings(layer, (from, to, by) => {
      expected[to] += x[from] * dy[by];
    });
    expect(runGraph(g.graph({ df: made }), { x, dy })['df']).toEqual(expected);
  });

  it('what each element of the image is given', () => {
    const g = new GraphBuilder();
    const made = correlationInputGradient(
      g,
      g.input('dy', { dtype: 'float32', shape: shapes.y }),
      g.input('filter', { dtype: 'float32', shape: shapes.filter }),
      layer.height,
      layer.width,
    );
    expect(made.shape).toEqual(shapes.x);
    const expected = new Array<number>(volume(shapes.x)).fill(0);
    meetings(layer, (to, by, from) => {
      expected[to] += filter[by] * dy[from];
    });
    expect(runGraph(g.graph({ dx: made }), { dy, filter })['dx']).toEqual(expected);
  });
});

describe('operations', () => {
  const opsFor = (layer: Layer) => {
    const g = new GraphBuilder();
    const shapes = shapesOf(layer);
    const image = g.input('x', { dtype: 'float32', shape: shapes.x });
    const filter = g.input('filter', { dtype: 'float32', shape: shapes.filter });
    const y = correlation(g, image, filter, layer.height, layer.width);
    const df = correlationFilterGradient(g, image, y, layer.height, layer.width);
    return opsOf(g.graph({ y, df }));
  };
  const height = axis(10, 4, 2, 0, 0);

  it('few outputs take one product each way, and rows are parted once for both', () => {
    const ops = opsFor({ channels: 4, out: 1, height, width: axis(10, 4, 2, 0, 0) });
    expect(ops).not.toContain('Conv');
    expect(ops.filter(op => op === 'MatMul' || op === 'Gemm')).toHaveLength(2);
  });

  it('many outputs leave the image to Conv', () => {
    const ops = opsFor({ channels: 1, out: 8, height, width: axis(10, 4, 2, 0, 0) });
    expect(ops.filter(op => op === 'Conv')).toHaveLength(1);
  });
});
