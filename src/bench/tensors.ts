import { Random } from '../core/random.ts';
import { box } from '../env/spaces.ts';
import { ppoConfig } from '../learners/ppo/config.ts';
import { initWeights } from '../learners/ppo/networks.ts';
import { compilePpoUpdate } from '../learners/ppo/update.ts';
import {
  compile,
  dense,
  denseInit,
  type HostTensor,
  hostTensor,
  initTensors,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
  valueAndGrad,
} from '../tensors/index.ts';
import { type Bench, type BenchResult, spread } from './contract.ts';

const random = Random.fromSeed(1);

/** Programs as learners and actors run them, op by op, on the backend that this machine offers. */
export const bench: Bench = async () => {
  await initTensors();
  const results: BenchResult[] = [];
  results.push(await denseGradient(64, 64), await denseGradient(512, 64), await denseGradient(256, 256));
  for (const rows of [64, 512]) results.push(await ppoMinibatch(rows));
  for (const rows of [1, 32]) results.push(await acting(rows));
  return results;
};

/** Milliseconds of each of a number of calls, after the engine has warmed up. */
function timed(calls: number, call: () => unknown): number[] {
  const taken: number[] = [];
  for (let i = -calls / 2; i < calls; i++) {
    const start = performance.now();
    call();
    if (i >= 0) taken.push(performance.now() - start);
  }
  return taken;
}

/** How many times as fast a dense layer's gradient is as tfjs' own, blocks of the two taking turns. */
async function denseGradient(rows: number, width: number): Promise<BenchResult> {
  const layer = denseInit(random, width, width);
  // Products of rank 3 take tfjs' own transposed kernels.
  const stock = (x: Tensor, weights: Tensor, bias: Tensor) =>
    tf.tanh(tf.add(tf.matMul(tf.reshape(x, [1, rows, width]), tf.reshape(weights, [1, width, width])), bias));
  const gradientOf = (forward: (layer: { weights: Tensor; bias: Tensor }, x: Tensor) => Tensor) =>
    compile(
      ({ layer, x }: { layer: { weights: Tensor; bias: Tensor }; x: Tensor }) =>
        valueAndGrad(p => ({ loss: tf.sum(forward(p.layer, p.x)) }), { layer, x }),
      { state: { layer } },
    );
  const ours = await gradientOf((p, x) => dense(p, x, 'tanh'));
  const theirs = await gradientOf((p, x) => stock(x, p.weights, p.bias));
  const x = normal(rows, width);
  const ratios: number[] = [];
  for (let block = 0; block < 15; block++) {
    const median = (program: typeof ours) => spread(timed(20, () => program.sync({ x }))).median;
    ratios.push(median(theirs) / median(ours));
  }
  ours.dispose();
  theirs.dispose();
  return {
    name: `gradient of dense ${width}-${width}, batch ${rows}, against stock tfjs`,
    unit: '×',
    ...spread(ratios),
  };
}

/** PPO's own update program: two nets of 64-64, 8 observations, 2 continuous actions, Adam. */
async function ppoMinibatch(rows: number): Promise<BenchResult> {
  const config = ppoConfig.parse({ hidden: [64, 64], activation: 'tanh', normalizeObservations: false });
  const spaces = { observation: box([8]), action: box([2], { low: -1, high: 1 }) };
  const update = await compilePpoUpdate(config, spaces, initWeights(random, config, 8, spaces.action));
  const inputs = {
    observations: normal(rows, 8),
    actions: normal(rows, 2),
    logProbs: normal(rows),
    values: normal(rows),
    advantages: normal(rows),
    returns: normal(rows),
    learningRate: 3e-4,
    clip: 0.2,
  };
  const taken = timed(200, () => update.sync(inputs));
  update.dispose();
  return { name: `PPO minibatch of ${rows}, two nets of 64-64`, unit: 'ms', ...spread(taken) };
}

async function acting(rows: number): Promise<BenchResult> {
  const act = await compile(({ net, x }: { net: Mlp<Tensor>; x: Tensor }) => ({ actions: mlp(net, x) }), {
    state: { net: mlpInit(random, [8, 64, 64, 2]) },
  });
  const x = normal(rows, 8);
  const taken = timed(1000, () => act.sync({ x }));
  act.dispose();
  return { name: `forward 8-64-64-2, batch ${rows}`, unit: 'ms', ...spread(taken) };
}

function normal(...shape: number[]): HostTensor {
  const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
  random.fillNormal(values);
  return hostTensor(shape, values);
}
