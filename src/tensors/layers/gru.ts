import type { Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../../core/random.ts';
import type { HostTensor } from '../contract.ts';
import * as tf from '../ops.ts';
import { type Dense, type DenseOptions, denseInit } from './dense.ts';
import { withOwnGradient } from './own-gradient.ts';

/** The parameters of a gated recurrent unit. In the columns lie the reset gate, the update gate and the new value. */
export interface Gru<T> {
  /** [inputs, 3 · size] */
  readonly input: Dense<T>;
  /** [size, 3 · size] */
  readonly hidden: Dense<T>;
}

/** The initial parameters of a GRU. @param size of its state @param options default `glorot`; `torch` is within ±1/√size, as PyTorch's GRU */
export function gruInit(
  random: Random,
  inputs: number,
  size: number,
  { init = 'glorot', gain = 1 }: DenseOptions = {},
): Gru<HostTensor> {
  // PyTorch takes the bound of both from the state's size.
  const scale = init === 'torch' ? Math.sqrt(inputs / size) : 1;
  const input = denseInit(random, inputs, 3 * size, { init, gain: gain * scale });
  if (init === 'torch')
    random.fillUniform(input.bias.data as Float32Array, -1 / Math.sqrt(size), 1 / Math.sqrt(size));
  return { input, hidden: denseInit(random, size, 3 * size, { init, gain }) };
}

/**
 * One step of a GRU (Cho et al., 2014) in the form of PyTorch and cuDNN, whose reset gate acts after the product:
 * r, z = sigmoid(W x + U h + b), n = tanh(W x + b + r · (U h + c)), h′ = (1 − z) · n + z · h.
 * @param x [rows, inputs]
 * @param h [rows, size], the state before
 * @returns [rows, size], the state after
 */
export function gruCell(params: Gru<Tensor>, x: Tensor, h: Tensor): Tensor {
  const [after] = withOwnGradient(
    {
      x,
      h,
      weights: params.input.weights,
      bias: params.input.bias,
      hiddenWeights: params.hidden.weights,
      hiddenBias: params.hidden.bias,
    },
    ({ x, h, weights, bias, hiddenWeights, hiddenBias }) => {
      const fromInput = tf.add(product(x, weights), bias);
      const gates = gatesOf(fromInput, h, hiddenWeights, hiddenBias);
      return { output: gates.after, saved: [gates.rz, gates.r, gates.z, gates.n, gates.candidate] };
    },
    (dy, inputs, saved) => {
      const { ofInput, ofHidden, direct } = slopesOf(dy, inputs.h, saved);
      return {
        x: () => product(ofInput, inputs.weights, false, true),
        h: () => tf.add(direct, product(ofHidden, inputs.hiddenWeights, false, true)),
        weights: () => product(inputs.x, ofInput, true),
        bias: () => tf.sum(ofInput, 0),
        hiddenWeights: () => product(inputs.h, ofHidden, true),
        hiddenBias: () => tf.sum(ofHidden, 0),
      };
    },
  );
  return after;
}

/**
 * A GRU over sequences: `gruCell` from each step to the next. The inputs' products of all steps are one, as are the gradients of
 * the weights. The steps are unrolled: a program grows with the length.
 * @param xs [batch, length, inputs]
 * @param h [batch, size], the state before the first step
 * @returns [batch, length, size], the state after each step
 */
export function gru(params: Gru<Tensor>, xs: Tensor, h: Tensor): Tensor {
  const [batch, length, width] = xs.shape as [number, number, number];
  const size = h.shape[1]!;
  const perStep = 5;
  // Time comes first inside, so that a step's rows lie together.
  const [states] = withOwnGradient(
    {
      xs: tf.reshape(tf.transpose(xs, [1, 0, 2]), [length * batch, width]),
      h,
      weights: params.input.weights,
      bias: params.input.bias,
      hiddenWeights: params.hidden.weights,
      hiddenBias: params.hidden.bias,
    },
    ({ xs, h, weights, bias, hiddenWeights, hiddenBias }) => {
      const fromInput = tf.split(tf.add(product(xs, weights), bias), length);
      const states: Tensor[] = [];
      const saved: Tensor[] = [];
      for (const input of fromInput) {
        const gates = gatesOf(input, states.at(-1) ?? h, hiddenWeights, hiddenBias);
        states.push(gates.after);
        saved.push(gates.rz, gates.r, gates.z, gates.n, gates.candidate);
      }
      return { output: joined(states), saved: [...saved, ...states.slice(0, -1)] };
    },
    (dy, inputs, saved) => {
      const slopes = tf.split(dy, length);
      const before = [inputs.h, ...saved.slice(perStep * length)];
      const ofInput: Tensor[] = new Array(length);
      const ofHidden: Tensor[] = new Array(length);
      let slope: Tensor | undefined;
      for (let t = length - 1; t >= 0; t--) {
        const total = slope ? tf.add(slopes[t], slope) : slopes[t];
        const step = slopesOf(total, before[t], saved.slice(perStep * t, perStep * (t + 1)));
        ofInput[t] = step.ofInput;
        ofHidden[t] = step.ofHidden;
        slope = tf.add(step.direct, product(step.ofHidden, inputs.hiddenWeights, false, true));
      }
      const [allInput, allHidden] = [joined(ofInput), joined(ofHidden)];
      return {
        xs: () => product(allInput, inputs.weights, false, true),
        h: () => slope!,
        weights: () => product(inputs.xs, allInput, true),
        bias: () => tf.sum(allInput, 0),
        hiddenWeights: () => product(joined(before), allHidden, true),
        hiddenBias: () => tf.sum(allHidden, 0),
      };
    },
  );
  return tf.transpose(tf.reshape(states, [length, batch, size]), [1, 0, 2]);
}

/** One step from the input's share of the gates, [rows, 3 · size]. */
function gatesOf(fromInput: Tensor, h: Tensor, weights: Tensor, bias: Tensor) {
  const size = h.shape[1]!;
  const fromHidden = tf.add(product(h, weights), bias);
  const [inputGates, inputValue] = tf.split(fromInput, [2 * size, size], 1);
  const [hiddenGates, candidate] = tf.split(fromHidden, [2 * size, size], 1);
  const rz = tf.sigmoid(tf.add(inputGates, hiddenGates));
  const [r, z] = tf.split(rz, 2, 1);
  const n = tf.tanh(tf.add(inputValue, tf.mul(r, candidate)));
  return { after: tf.add(n, tf.mul(z, tf.sub(h, n))), rz, r, z, n, candidate };
}

/** The gradients of one step: of both shares of the gates, [rows, 3 · size], and of h without its share of the gates. */
function slopesOf(dy: Tensor, h: Tensor, [rz, r, z, n, candidate]: readonly Tensor[]) {
  const direct = tf.mul(dy, z);
  const dN = tf.sub(dy, direct);
  const value = tf.sub(dN, tf.mul(dN, tf.square(n)));
  const dGates = tf.concat([tf.mul(value, candidate), tf.mul(dy, tf.sub(h, n))], 1);
  const gates = tf.mul(dGates, tf.sub(rz, tf.square(rz)));
  return {
    ofInput: tf.concat([gates, value], 1),
    ofHidden: tf.concat([gates, tf.mul(value, r)], 1),
    direct,
  };
}

const joined = (parts: Tensor[]): Tensor => (parts.length === 1 ? parts[0] : tf.concat(parts, 0));

const product = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor =>
  tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB);
