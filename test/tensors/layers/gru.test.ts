import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { gru, gruCell, gruInit, type Tensor, tf, valueAndGrad } from '../../../src/tensors/index.ts';
import { agreesWithTorch, asTensors, close, inputsOf, noise, play } from '../fixtures/torch-cases.ts';

type Names = 'x' | 'h' | 'weights' | 'bias' | 'hiddenWeights' | 'hiddenBias';
const shapes = {
  x: [2, 4, 3],
  h: [2, 2],
  weights: [3, 6],
  bias: [6],
  hiddenWeights: [2, 6],
  hiddenBias: [6],
};
type Inputs = Readonly<Record<Names, Tensor>>;
const paramsOf = (p: Inputs) => ({
  input: { weights: p.weights, bias: p.bias },
  hidden: { weights: p.hiddenWeights, bias: p.hiddenBias },
});

const byCells = (p: Inputs) => {
  const states: Tensor[] = [];
  for (let t = 0; t < p.x.shape[1]!; t++) {
    const x = tf.reshape(tf.slice(p.x, [0, t, 0], [2, 1, 3]), [2, 3]);
    states.push(gruCell(paramsOf(p), x, states.at(-1) ?? p.h));
  }
  return tf.stack(states, 1);
};

describe('a GRU gives PyTorch’s outputs and gradients', () => {
  it('over a sequence', () => agreesWithTorch('gru', shapes, p => gru(paramsOf(p), p.x, p.h)));
  it('cell by cell', () => agreesWithTorch('gru', shapes, byCells));
});

describe('a GRU', () => {
  it('over one step is a cell', async () => {
    const inputs = inputsOf({ ...shapes, x: [2, 1, 3] });
    const [sequence, cell] = [
      await play(inputs, p => gru(paramsOf(p), p.x, p.h)),
      await play(inputs, byCells),
    ];
    close('y', sequence.y.data, cell.y.data, 0);
    for (const key of Object.keys(inputs)) close(key, sequence.gradients[key], cell.gradients[key], 1e-7);
  });

  it('does not look ahead', async () => {
    const inputs = inputsOf(shapes);
    const { y } = await play(inputs, p => gru(paramsOf(p), p.x, p.h));
    const data = inputs.x.data.slice().fill(0.3, 9, 12); // the last step of the first sequence
    const changed = await play({ ...inputs, x: { ...inputs.x, data } }, p => gru(paramsOf(p), p.x, p.h));
    close('before', changed.y.data.subarray(0, 6), y.data.subarray(0, 6), 0);
    expect(changed.y.data.subarray(6, 8)).not.toEqual(y.data.subarray(6, 8));
  });

  it('can be differentiated twice', async () => {
    const params = gruInit(Random.fromSeed(1), 3, 2);
    const inputs = { x: noise(1, [2, 3, 3]), h: noise(2, [2, 2]) };
    const steepness =
      (sequence: boolean) =>
      ({ x, h }: Readonly<Record<'x' | 'h', Tensor>>) => {
        const p = asTensors(params);
        const { gradient } = valueAndGrad(z => {
          if (sequence) return { loss: tf.sum(tf.square(gru(p, x, z))) };
          let [state, loss] = [z, tf.scalar(0) as Tensor];
          for (const step of tf.unstack(x, 1)) {
            state = gruCell(p, step, state);
            loss = tf.add(loss, tf.sum(tf.square(state)));
          }
          return { loss };
        }, h);
        return gradient;
      };
    const [found, cells] = [await play(inputs, steepness(true)), await play(inputs, steepness(false))];
    close('gradient', found.y.data, cells.y.data, 1e-6);
    const c = noise(99, [4]).data;
    for (const i of [0, 7, 17]) {
      const at = async (shift: number) => {
        const data = inputs.x.data.slice();
        data[i] += shift;
        const { y } = await play({ ...inputs, x: { ...inputs.x, data } }, steepness(true));
        return Array.from(y.data).reduce((sum, value, k) => sum + value * c[k], 0);
      };
      const slope = ((await at(5e-3)) - (await at(-5e-3))) / 1e-2;
      expect(Math.abs(found.gradients['x'][i] - slope)).toBeLessThan(1e-3);
      expect(Math.abs(cells.gradients['x'][i] - slope)).toBeLessThan(1e-3);
    }
  });

  it('starts within PyTorch’s bounds', () => {
    const { input, hidden } = gruInit(Random.fromSeed(1), 50, 25, { init: 'torch' });
    for (const { data } of [input.weights, input.bias, hidden.weights, hidden.bias]) {
      const largest = Math.max(...Array.from(data, Math.abs));
      expect(largest).toBeLessThanOrEqual(0.2);
      expect(largest).toBeGreaterThan(0.18);
    }
  });
});
