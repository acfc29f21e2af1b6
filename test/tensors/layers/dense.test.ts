import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import type { Activation } from '../../../src/tensors/index.ts';
import {
  compile,
  type Dense,
  dense,
  denseInit,
  flattenTree,
  type HostTensor,
  hostTensor,
  type Mlp,
  mlp,
  mlpInit,
  startExecutor,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';

const random = Random.fromSeed(11);
const normal = (...shape: number[]): HostTensor => {
  const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
  random.fillNormal(values);
  return hostTensor(shape, values);
};

describe('denseInit', () => {
  it.each([
    [64, 64, Math.SQRT2],
    [17, 5, 0.01],
    [5, 17, 1],
    [1, 1, 3],
  ])('is orthogonal, [%i, %i] with gain %f', (inputs, outputs, gain) => {
    const { weights, bias } = denseInit(random.split('w'), inputs, outputs, { gain });
    const at = (i: number, j: number) => weights.data[i * outputs + j];
    const short = Math.min(inputs, outputs);
    for (let a = 0; a < short; a++) {
      for (let b = 0; b <= a; b++) {
        // WᵀW = g² I, or WWᵀ where there are more outputs than inputs
        let product = 0;
        for (let k = 0; k < Math.max(inputs, outputs); k++) {
          product += outputs > inputs ? at(a, k) * at(b, k) : at(k, a) * at(k, b);
        }
        expect(Math.abs(product - (a === b ? gain ** 2 : 0))).toBeLessThan(1e-6 * gain ** 2);
      }
    }
    expect(bias.data.every(value => value === 0)).toBe(true);
  });

  it('has no preferred sign', () => {
    let negative = 0;
    for (let i = 0; i < 200; i++) {
      if (denseInit(random.split('sign', i), 3, 2).weights.data[0] < 0) negative++;
    }
    // 200 fair coins: mean 100, standard deviation 7
    expect(Math.abs(negative - 100)).toBeLessThan(35);
  });

  it.each([
    // uniform within ±b: variance b²/3; √(6 / 500)²/3 = 0.004, (1/√300)²/3 = 0.00111
    ['glorot', 0.004],
    ['he', 2 / 300],
    ['torch', 1 / 900],
    ['zeros', 0],
  ] as const)('%s has the variance of its definition', (init, variance) => {
    const { weights } = denseInit(random.split(init), 300, 200, { init });
    const found = [...weights.data].reduce((sum, w) => sum + w * w, 0) / weights.data.length;
    expect(Math.abs(found - variance)).toBeLessThanOrEqual(0.03 * variance);
  });

  it('gives the same weights for the same stream', () => {
    const make = (seed: number) => mlpInit(Random.fromSeed(seed), [4, 8, 2]);
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
    expect(make(1).map(layer => layer.weights.shape)).toEqual([
      [4, 8],
      [8, 2],
    ]);
  });
});

type Plain = Exclude<Activation, 'gelu' | 'geluTanh'>;

// The plain definition, in float64.
const plain: Record<Plain, (x: number) => number> = {
  linear: x => x,
  relu: x => Math.max(0, x),
  leakyRelu: x => Math.max(0.2 * x, x),
  elu: x => (x > 0 ? x : Math.expm1(x)),
  sigmoid: x => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  silu: x => x / (1 + Math.exp(-x)),
  softplus: x => Math.log1p(Math.exp(x)),
};

type Layers = { w: Float64Array; b: Float64Array; inputs: number; outputs: number }[];

function plainForward(layers: Layers, x: ArrayLike<number>, rows: number, hidden: Plain): Float64Array {
  let values = Float64Array.from(x);
  layers.forEach(({ w, b, inputs, outputs }, l) => {
    const next = new Float64Array(rows * outputs);
    for (let r = 0; r < rows; r++) {
      for (let o = 0; o < outputs; o++) {
        let sum = b[o];
        for (let i = 0; i < inputs; i++) sum += values[r * inputs + i] * w[i * outputs + o];
        next[r * outputs + o] = l === layers.length - 1 ? sum : plain[hidden](sum);
      }
    }
    values = next;
  });
  return values;
}

const toPlain = (params: Mlp<HostTensor>): Layers =>
  params.map(({ weights, bias }) => ({
    w: Float64Array.from(weights.data),
    b: Float64Array.from(bias.data),
    inputs: weights.shape[0],
    outputs: weights.shape[1],
  }));

/** Σ cᵢ yᵢ, so that every output has a slope of its own. */
const weighted = (values: ArrayLike<number>, c: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * c[i];
  return sum;
};

describe('mlp', () => {
  const rows = 5;
  const x = normal(rows, 4);
  const c = normal(rows, 3);

  it.each(Object.keys(plain) as Plain[])(
    'with %s agrees with its definition and with finite differences of it',
    async activation => {
      const params = mlpInit(random.split(activation), [4, 6, 5, 3]).map(({ weights, bias }) => ({
        weights,
        bias: normal(bias.shape[0]),
      }));
      const program = await compile(
        ({ params, x, c }: { params: { net: Mlp<Tensor>; x: Tensor }; x: Tensor; c: Tensor }) =>
          valueAndGrad(
            p => {
              const y = mlp(p.net, p.x, activation);
              return { loss: tf.sum(tf.mul(y, c)), y };
            },
            { ...params, x },
          ),
        { state: { params: { net: params, x } } },
      );
      const { y, loss, gradient } = await program({ x, c });
      program.dispose();

      const layers = toPlain(params);
      const expected = plainForward(layers, x.data, rows, activation);
      expected.forEach((value, i) => {
        expect(Math.abs(y.data[i] - value)).toBeLessThan(2e-6);
      });
      expect(loss.data[0]).toBeCloseTo(weighted(expected, c.data), 4);

      // Central differences in float64, in layout order: weights and biases of each layer, then x.
      const inputs = Float64Array.from(x.data);
      const variables = [...layers.flatMap(({ w, b }) => [w, b]), inputs];
      let at = 0;
      for (const variable of variables) {
        for (let i = 0; i < variable.length; i++) {
          const held = variable[i];
          const value = (shift: number) => {
            variable[i] = held + shift;
            return weighted(plainForward(layers, inputs, rows, activation), c.data);
          };
          const slope = (value(1e-5) - value(-1e-5)) / 2e-5;
          variable[i] = held;
          expect(Math.abs(gradient.data[at++] - slope)).toBeLessThan(2e-5);
        }
      }
      expect(at).toBe(gradient.data.length);
    },
  );

  it('can end in an activation', async () => {
    const params = mlpInit(random.split('end'), [4, 3]);
    const program = await compile(
      ({ params, x }: { params: Mlp<Tensor>; x: Tensor }) => ({
        y: mlp(params, x, 'tanh', 'sigmoid'),
        d: dense(params[0], x, 'sigmoid'),
      }),
      { state: { params } },
    );
    const { y, d } = await program({ x });
    program.dispose();
    plainForward(toPlain(params), x.data, rows, 'linear').forEach((value, i) => {
      expect(y.data[i]).toBeCloseTo(plain.sigmoid(value), 6);
    });
    expect(d).toEqual(y);
  });
});

describe('gradients of gradients', () => {
  // Σ over rows of |∂f/∂x|², a gradient penalty: how steep the net is in its inputs.
  const plainPenalty = ([first, last]: Layers, x: ArrayLike<number>, rows: number): number => {
    let sum = 0;
    for (let r = 0; r < rows; r++) {
      const slopes = new Float64Array(first.inputs);
      for (let k = 0; k < first.outputs; k++) {
        let h = first.b[k];
        for (let i = 0; i < first.inputs; i++) h += x[r * first.inputs + i] * first.w[i * first.outputs + k];
        const slope = (1 - Math.tanh(h) ** 2) * last.w[k];
        for (let i = 0; i < first.inputs; i++) slopes[i] += first.w[i * first.outputs + k] * slope;
      }
      sum += slopes.reduce((total, slope) => total + slope ** 2, 0);
    }
    return sum;
  };

  it('pass through layers', async () => {
    const rows = 6;
    const params = mlpInit(random.split('second'), [3, 4, 1]);
    const x = normal(rows, 3);
    const program = await compile(
      ({ params, x }: { params: Mlp<Tensor>; x: Tensor }) =>
        valueAndGrad(net => {
          const { gradient } = valueAndGrad(z => ({ loss: tf.sum(mlp(net, z)) }), x);
          return { loss: tf.sum(tf.square(gradient)) };
        }, params),
      { state: { params } },
    );
    const { loss, gradient } = await program({ x });
    program.dispose();
    const layers = toPlain(params);
    expect(loss.data[0]).toBeCloseTo(plainPenalty(layers, x.data, rows), 5);
    let at = 0;
    for (const variable of layers.flatMap(({ w, b }) => [w, b])) {
      for (let i = 0; i < variable.length; i++) {
        const held = variable[i];
        const value = (shift: number) => {
          variable[i] = held + shift;
          return plainPenalty(layers, x.data, rows);
        };
        const slope = (value(1e-5) - value(-1e-5)) / 2e-5;
        variable[i] = held;
        expect(Math.abs(gradient.data[at++] - slope)).toBeLessThan(2e-5);
      }
    }
    expect(at).toBe(gradient.data.length);
  });

  it('take weights that other operations made', async () => {
    const params = mlpInit(random.split('made'), [3, 4, 1]);
    const x = normal(2, 3);
    const halved = (net: Mlp<Tensor>) =>
      net.map(({ weights, bias }) => ({ weights: tf.mul(weights, 0.5), bias: tf.mul(bias, 0.5) }));
    const gradientOf = async (start: Mlp<HostTensor>, make: (net: Mlp<Tensor>) => Mlp<Tensor>) => {
      const program = await compile(
        ({ params, x }: { params: Mlp<Tensor>; x: Tensor }) =>
          valueAndGrad(net => ({ loss: tf.sum(mlp(make(net), x)) }), params),
        { state: { params: start } },
      );
      const { gradient } = await program({ x });
      program.dispose();
      return gradient.data;
    };
    const direct = await gradientOf(
      params.map(({ weights, bias }) => ({
        weights: hostTensor(
          weights.shape,
          weights.data.map(w => w / 2),
        ),
        bias,
      })),
      net => net,
    );
    const through = await gradientOf(params, halved);
    direct.forEach((slope, i) => {
      expect(through[i]).toBeCloseTo(slope / 2, 6);
    });
  });
});

describe('against stock tfjs on its cpu backend', () => {
  beforeAll(async () => {
    await startExecutor('eager');
  });
  afterAll(async () => {
    await tf.setBackend('wasm');
  });

  it.each(['onnx-cpu', 'eager/wasm'])(
    'a dense layer has the same output and gradient on %s',
    async executor => {
      const layer = { weights: normal(40, 30), bias: normal(30) };
      const x = normal(50, 40);
      const program = await compile(
        ({ layer, x }: { layer: Dense<Tensor>; x: Tensor }) =>
          valueAndGrad(
            p => {
              const y = dense(p.layer, p.x, 'tanh');
              return { loss: tf.mean(tf.square(y)), y };
            },
            { layer, x },
          ),
        { state: { layer }, executor },
      );
      expect(program.executor.name).toBe(executor);
      const { y, gradient } = await program({ x });
      program.dispose();

      const backend = tf.getBackend();
      await tf.setBackend('cpu');
      const leaves = [layer.weights, layer.bias, x].map(({ data, shape }) => tf.tensor(data, [...shape]));
      const forward = (w: Tensor, b: Tensor, v: Tensor) =>
        tf.tanh(tf.add(tf.matMul(v as tf.Tensor2D, w as tf.Tensor2D), b));
      const stock = tf.grads((w, b, v) => tf.mean(tf.square(forward(w, b, v))) as tf.Scalar)(leaves);
      const expected = forward(leaves[0], leaves[1], leaves[2]).dataSync();
      const slopes = flattenTree(stock.map(t => hostTensor(t.shape, t.dataSync())));
      tf.dispose([leaves, stock]);
      await tf.setBackend(backend);
      expected.forEach((value, i) => {
        expect(Math.abs(y.data[i] - value)).toBeLessThan(3e-6);
      });
      slopes.forEach((value, i) => {
        expect(Math.abs(gradient.data[i] - value)).toBeLessThan(1e-7);
      });
    },
  );
});
