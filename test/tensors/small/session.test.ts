import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../../src/core/arrays.ts';
import { Random } from '../../../src/core/random.ts';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { binary, unary } from '../../../src/tensors/graph/elementwise.ts';
import { matMul } from '../../../src/tensors/graph/linear.ts';
import type { Graph, Value } from '../../../src/tensors/graph/values.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';
import { takeBlock } from '../../../src/tensors/small/arena.ts';
import { smallSession, smallTensor } from '../../../src/tensors/small/session.ts';

const onnx = startOnnxCpu();
const float32 = (shape: readonly number[]) => ({ dtype: 'float32', shape }) as const;
type Data = Record<string, Float32Array>;

const random = Random.fromSeed(11);
const normal = (size: number, scale = 1) =>
  Float32Array.from({ length: size }, () => scale * random.normal());
const named = (graph: Graph) =>
  graph.inputs.map(value => ({ ...value, name: value.source.kind === 'input' ? value.source.name : '' }));

function expected(graph: Graph, data: Data) {
  const session = onnx.loadSync!(onnxModel(graph));
  const feeds = Object.fromEntries(
    named(graph).map(({ name, shape }) => [name, onnx.tensor('float32', data[name], shape)]),
  );
  const outputs = session.runSync!(feeds);
  void session.release();
  return outputs;
}

const feedsOf = (graph: Graph, data: Data) =>
  Object.fromEntries(
    named(graph).map(({ name, shape }) => [name, smallTensor('float32', data[name], shape)]),
  );

function small(graph: Graph, data: Data, held: readonly string[] = []) {
  const session = smallSession(graph, new Set(held), Infinity)!;
  expect(session).toBeDefined();
  const outputs = session.runSync!(feedsOf(graph, data));
  void session.release();
  return outputs;
}

/** Within a part in a million of the largest number, and the same where a number is not finite. */
function near(got: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void {
  const all = Array.from(wanted);
  const scale = Math.max(1, ...all.filter(Number.isFinite).map(Math.abs));
  expect(got.length, what).toBe(all.length);
  all.forEach((value, i) => {
    const close = Object.is(value, got[i]) || Math.abs(value - got[i]) <= 1e-6 * scale;
    if (!close) expect(Array.from(got), what).toEqual(all);
  });
}

const activations = ['', 'Tanh', 'Relu', 'Sigmoid', 'Exp'] as const;

/** x · w (+ b), as MatMul or Gemm of a matrix that lies across, then an activation. */
function layer(
  g: GraphBuilder,
  x: Value,
  w: Value,
  b: Value | undefined,
  across: boolean,
  activation: string,
) {
  const product = matMul(g, x, w, false, across);
  const sum = b ? binary(g, 'Add', b, product) : product;
  return activation ? unary(g, activation, sum) : sum;
}

describe('small sessions', () => {
  it('agree with onnxruntime for layers of all sizes, with and without bias, either way up', () => {
    for (let trial = 0; trial < 120; trial++) {
      const [rows, inner, columns] = [1 + random.integer(9), 1 + random.integer(70), 1 + random.integer(70)];
      const activation = activations[trial % activations.length];
      const [across, hasBias] = [random.integer(3) === 0, random.integer(3) > 0];
      const g = new GraphBuilder();
      const x = g.input('x', float32([rows, inner]));
      const w = g.input('w', float32(across ? [columns, inner] : [inner, columns]));
      const b = hasBias ? g.input('b', float32([columns])) : undefined;
      const y = layer(g, x, w, b, across, activation);
      const graph = g.graph({ y, plain: binary(g, 'Mul', y, g.uniform(2)) });
      const data: Data = {
        x: normal(rows * inner),
        w: normal(inner * columns, inner ** -0.5),
        b: normal(columns),
      };
      const what = `${rows} × ${inner} × ${columns} ${activation} ${across ? 'across' : ''}`;
      const wanted = expected(graph, data);
      for (const held of [[], ['w', 'b']]) {
        const got = small(graph, data, held);
        near(got['y'].data as Float32Array, wanted['y'].data as Float32Array, what);
        near(got['plain'].data as Float32Array, wanted['plain'].data as Float32Array, what);
      }
    }
  });

  it('carry NaN and infinities as onnxruntime does', () => {
    const values = [Number.NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 3e38, -3e38, 88, -88, 0.5];
    for (const activation of activations.slice(1)) {
      const g = new GraphBuilder();
      const graph = g.graph({ y: unary(g, activation, g.input('x', float32([values.length]))) });
      const data = { x: Float32Array.from(values) };
      near(
        small(graph, data)['y'].data as Float32Array,
        expected(graph, data)['y'].data as Float32Array,
        activation,
      );
    }
    const g = new GraphBuilder();
    const [x, w] = [g.input('x', float32([3, 3])), g.input('w', float32([3, 5]))];
    const graph = g.graph({ y: matMul(g, x, w) });
    const data = {
      x: Float32Array.of(1, Number.NaN, 2, 1, 2, 3, Infinity, 1, 0),
      w: normal(15).map(Math.abs),
    };
    near(
      small(graph, data)['y'].data as Float32Array,
      expected(graph, data)['y'].data as Float32Array,
      'product',
    );
  });

  it('tanh is off by less than 4e-7, everywhere', () => {
    const n = 4000;
    const g = new GraphBuilder();
    const graph = g.graph({ y: unary(g, 'Tanh', g.input('x', float32([n]))) });
    const x = Float32Array.from({ length: n }, (_, i) => (i - n / 2) / 180);
    const y = small(graph, { x })['y'].data as Float32Array;
    const worst = Math.max(...x.map((value, i) => Math.abs(Math.tanh(value) - y[i])));
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(4e-7);
  });

  it('choose the first of equal scores', () => {
    const g = new GraphBuilder();
    const x = g.input('x', float32([3, 4]));
    const best = g.node(
      'ArgMax',
      [x],
      { dtype: 'int64', shape: [3] },
      { axis: { int: 1 }, keepdims: { int: 0 } },
    );
    const y = g.node('Cast', [best], { dtype: 'int32', shape: [3] }, { to: { int: 6 } });
    const graph = g.graph({ y });
    const data = { x: Float32Array.of(1, 5, 5, 0, 2, 2, 2, 2, -1, -2, -1, 7) };
    const got = small(graph, data)['y'];
    expect(got.data).toEqual(Int32Array.of(1, 0, 3));
    expect(got.data).toEqual(expected(graph, data)['y'].data);
  });

  it('give a row the same bits in each batch, and each time', () => {
    const weights: Data = { w: normal(37 * 23), b: normal(23) };
    const rows = normal(9 * 37);
    const run = (from: number, to: number) => {
      const g = new GraphBuilder();
      const [x, w] = [g.input('x', float32([to - from, 37])), g.input('w', float32([37, 23]))];
      const graph = g.graph({ y: layer(g, x, w, g.input('b', float32([23])), false, 'Tanh') });
      return small(graph, { ...weights, x: rows.slice(from * 37, to * 37) })['y'].data as Float32Array;
    };
    const all = run(0, 9);
    expect(run(0, 9)).toEqual(all);
    for (const [from, to] of [
      [0, 1],
      [3, 4],
      [1, 3],
      [2, 5],
      [4, 8],
      [1, 8],
    ]) {
      expect(run(from, to)).toEqual(all.slice(from * 23, to * 23));
    }
  });

  it('read a held tensor when it is another one, and keep results of theirs apart', () => {
    const g = new GraphBuilder();
    const [s, x] = [g.input('S0', float32([6])), g.input('x', float32([3]))];
    const [a, b] = g.nodes('Split', [s, g.indices([3, 3])], { axis: { int: 0 } }, [
      float32([3]),
      float32([3]),
    ]);
    const session = smallSession(
      g.graph({ y: binary(g, 'Add', binary(g, 'Mul', x, unary(g, 'Exp', a)), b), b }),
      new Set(['S0']),
    )!;
    const feed = (S0: Float32Array) => ({
      S0: smallTensor('float32', S0, [6]),
      x: smallTensor('float32', Float32Array.of(1, 2, 3), [3]),
    });
    const first = session.runSync!(feed(Float32Array.of(0, 0, 0, 1, 1, 1)));
    const second = session.runSync!(feed(Float32Array.of(0, 0, 0, 5, 6, 7)));
    expect(first['y'].data).toEqual(Float32Array.of(2, 3, 4));
    expect(second['y'].data).toEqual(Float32Array.of(6, 8, 10));
    expect(second['b'].data).toEqual(Float32Array.of(5, 6, 7));
    void session.release();
    expect(() => session.runSync!(feed(new Float32Array(6)))).toThrow('released');
  });

  it('are for small graphs of known operations only', () => {
    const square = (size: number, op = 'MatMul') => {
      const g = new GraphBuilder();
      const x = g.input('x', float32([size, size]));
      return g.graph({ y: g.node(op, [x, x], x) });
    };
    expect(smallSession(square(16), new Set())).toBeDefined();
    expect(smallSession(square(128), new Set())).toBeUndefined();
    expect(smallSession(square(16, 'Einsum'), new Set())).toBeUndefined();
    const g = new GraphBuilder();
    const [x, at] = [g.input('x', float32([4])), g.input('at', { dtype: 'int32', shape: [2] })];
    // A position out of range is onnxruntime's to refuse.
    expect(smallSession(g.graph({ y: g.node('Gather', [x, at], float32([2])) }), new Set())).toBeUndefined();
  });

  it('share memory, and give it back', () => {
    const g = new GraphBuilder();
    const graph = g.graph({ y: binary(g, 'Mul', g.input('x', float32([500, 2])), g.uniform(3)) });
    const x = normal(sizeOf([500, 2]));
    const sessions = Array.from({ length: 3 }, () => smallSession(graph, new Set())!);
    const [one, two] = [takeBlock(5000), takeBlock(3000)];
    expect(two.memory).toBe(one.memory);
    new Uint8Array(one.memory, one.base, 5000).fill(1);
    one.release();
    one.release();
    const [again, larger] = [takeBlock(4000), takeBlock(6000)];
    expect(again.base).toBe(one.base);
    expect(new Uint8Array(again.memory, again.base, 4000).every(byte => byte === 0)).toBe(true);
    expect(larger.base).toBeGreaterThanOrEqual(two.base + 3000);
    for (const block of [two, again, larger]) block.release();
    for (const session of sessions) {
      expect(session.runSync!(feedsOf(graph, { x }))['y'].data).toEqual(x.map(value => 3 * value));
      void session.release();
    }
  });
});
