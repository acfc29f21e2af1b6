import type { PlanetModel } from '../../../src/learners/planet/networks.ts';

/** A matrix by rows, in double precision. */
type Rows = readonly (readonly number[])[];
interface Layer {
  readonly weights: Rows;
  readonly bias: readonly number[];
}
/** The parameters of a full model on states, in double precision. */
export interface Params64 {
  readonly encoder: readonly Layer[];
  readonly input: Layer;
  readonly gru: { readonly input: Layer; readonly hidden: Layer };
  readonly prior: readonly Layer[];
  readonly posterior: readonly Layer[];
  readonly decoder: readonly Layer[];
  readonly reward: readonly Layer[];
}

const elu = (x: number) => (x > 0 ? x : Math.expm1(x));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const dense = ({ weights, bias }: Layer, x: readonly number[]) =>
  bias.map((b, o) => x.reduce((sum, value, i) => sum + value * weights[i][o], b));
const mlp = (layers: readonly Layer[], x: readonly number[], last = false) =>
  layers.reduce<readonly number[]>(
    (value, layer, i) => dense(layer, value).map(y => (i < layers.length - 1 || last ? elu(y) : y)),
    x,
  );

/** As it is written on paper, chunk by chunk and step by step: for models on states with h and s, and action bounds of ±2. */
export function loss64(
  params: Params64,
  chunks: { observations: Rows[]; actions: Rows[]; rewards: Rows; noise: Rows[] },
  { config, sizes }: PlanetModel,
): number {
  const { stochastic: Z, deterministic: H } = sizes;
  const gaussian = (sums: readonly number[]) => ({
    mean: sums.slice(0, Z),
    std: sums.slice(Z).map(x => Math.log1p(Math.exp(x)) + config.minStd),
  });
  let loss = 0;
  const rows = chunks.rewards.length * chunks.rewards[0].length;
  chunks.rewards.forEach((rewards, b) => {
    let h: readonly number[] = new Array(H).fill(0);
    let s: readonly number[] = new Array(Z).fill(0);
    rewards.forEach((reward, t) => {
      const o = chunks.observations[b][t];
      const x = dense(params.input, [...s, ...chunks.actions[b][t].map(a => a / 2)]).map(elu);
      const [i, k] = [dense(params.gru.input, x), dense(params.gru.hidden, h)];
      h = h.map((before, j) => {
        const r = sigmoid(i[j] + k[j]);
        const z = sigmoid(i[H + j] + k[H + j]);
        const n = Math.tanh(i[2 * H + j] + r * k[2 * H + j]);
        return (1 - z) * n + z * before;
      });
      const p = gaussian(mlp(params.prior, h));
      const q = gaussian(mlp(params.posterior, [...h, ...mlp(params.encoder, o, true)]));
      s = q.mean.map((m, j) => m + q.std[j] * chunks.noise[t][b][j]);
      const kl = q.mean.reduce((sum, m, j) => {
        const [S, M] = [p.std[j], p.mean[j]];
        return sum + Math.log(S / q.std[j]) + (q.std[j] ** 2 + (m - M) ** 2) / (2 * S ** 2) - 0.5;
      }, 0);
      const half = Math.log(2 * Math.PI) / 2;
      const seen = mlp(params.decoder, [...h, ...s]).reduce(
        (sum, y, j) => sum + (y - o[j]) ** 2 / 2 + half,
        0,
      );
      const earned = (mlp(params.reward, [...h, ...s])[0] - reward) ** 2 / 2 + half;
      loss +=
        config.observationScale * seen + config.rewardScale * earned + Math.max(0, kl - config.freeNats);
    });
  });
  return loss / rows;
}
