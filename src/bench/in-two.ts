import { Random } from '../core/random.ts';
import {
  compile,
  compileInTwo,
  hostZeros,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
  treeLayout,
  valueAndGrad,
} from '../tensors/index.ts';
import { normal } from './cases/train.ts';
import { type BenchResult, spread } from './contract.ts';
import { takeTurns } from './turns.ts';

const WIDTH = 512;
const LAYERS = 6;
const ROWS = 64;

/** Six dense layers of 512, 64 rows: output, gradient of the input, gradients of the parameters added up. */
export async function bench(): Promise<readonly BenchResult[]> {
  const random = Random.fromSeed(1);
  const net = mlpInit(random, new Array<number>(LAYERS + 1).fill(WIDTH));
  const { size } = treeLayout(net);
  const state = { net, sum: hostZeros([size]) };
  const [x, dy] = [normal(random, [ROWS, WIDTH]), normal(random, [ROWS, WIDTH])];
  const step = (args: {
    readonly net: Mlp<Tensor>;
    readonly sum: Tensor;
    readonly x: Tensor;
    readonly dy: Tensor;
  }) => {
    const { y, gradient } = valueAndGrad(
      (given: { readonly net: Mlp<Tensor>; readonly x: Tensor }) => {
        const y = mlp(given.net, given.x, 'relu', 'relu');
        return { loss: tf.sum(tf.mul(y, args.dy)), y };
      },
      { net: args.net, x: args.x },
    );
    const [own, dx] = tf.split(gradient, [size, args.x.size]);
    return { y, sum: tf.add(args.sum, own), dx: tf.reshape(dx, args.x.shape) };
  };
  const whole = await compile(step, { state });
  const halves = await compileInTwo(step, { state, late: ['dy'], early: ['y'] });
  try {
    const [inOne, inTwo] = await takeTurns(
      [
        { run: steps => time(steps, () => whole({ x, dy })) },
        {
          run: steps =>
            time(steps, async () => {
              const { kept } = await halves.first({ x });
              return halves.second(kept, { dy });
            }),
        },
      ],
      { rounds: 15 },
    );
    const { kept } = await halves.first({ x });
    const name = `MLP of ${LAYERS} × ${WIDTH}, ${ROWS} rows`;
    return [
      { name: `${name}, in one call`, unit: 'ms', ...spread(inOne) },
      { name: `${name}, in two`, unit: 'ms', ...spread(inTwo) },
      {
        name: 'two calls to one',
        unit: '×',
        ...spread(inTwo.map((ms, round) => ms / inOne[round])),
        bar: '≤ 1.10 ×',
      },
      { name: 'kept between them, a row', unit: 'bytes', ...spread([kept.bytes / ROWS]) },
    ];
  } finally {
    whole.dispose();
    halves.dispose();
  }
}

async function time(steps: number, step: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < steps; k++) await step();
  return performance.now() - start;
}
