import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  type DiscriminatorLearning,
  type DiscriminatorNet,
  discriminatorLearning,
  discriminatorNet,
} from '../../../src/learners/few-label-gan/config.ts';
import {
  discriminatorInit,
  spectraInit,
} from '../../../src/learners/few-label-gan/discriminator-networks.ts';
import { compileDiscriminator } from '../../../src/learners/few-label-gan/discriminator-step.ts';
import { type HostTensor, initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const rows = 8;
const hidden: [number, number] = [7, 5];

const images = (seed: number, low: number): HostTensor => {
  const data = new Float32Array(rows * 14 * 14);
  Random.fromSeed(seed).fillUniform(data, low, 1);
  return { shape: [rows, 14, 14, 1], data };
};
const labels = (of: (row: number) => number): HostTensor => ({
  shape: [rows],
  data: Int32Array.from({ length: rows }, (_, i) => of(i)),
});
const inputs = (more: object = {}) => ({
  real: images(1, 0),
  realY: labels(i => i % 10),
  fake: images(2, -1),
  fakeY: labels(i => (i * 3) % 10),
  ...more,
});

async function open(net: Partial<DiscriminatorNet>, learning: Partial<DiscriminatorLearning>) {
  const whole = discriminatorNet.parse({ hidden, ...net });
  const random = Random.fromSeed(5);
  const params = discriminatorInit(random.split('params'), whole);
  return compileDiscriminator(
    params,
    spectraInit(random.split('spectra'), params),
    whole,
    discriminatorLearning.parse(learning),
  );
}

/** Where Adam stands still, the step leaves the parameters, so that the critique is of the net that is there. */
const still = { learningRate: 1e-30 };

describe('the critique', () => {
  test.each([
    [{}, {}],
    [{ rotations: true }, { rotationFraction: 2, generatorRotationWeight: 0.7 }],
    [{ conditional: false }, { loss: 'nonSaturating' }],
  ] as const)(
    'is the gradient of the generator’s objective with respect to the pixels: %o',
    async (net, learning) => {
      const { generatorRotationWeight: weight = 0.1 } = learning as { generatorRotationWeight?: number };
      // Each call turns the spectral state, so each is made from the same one.
      const program = await open(net, { ...learning, ...still });
      const start = { flat: program.state.flat('spectra') };
      const { dx } = await program(inputs());
      const objective = async (pixel: number, shift: number) => {
        program.state.setFlat('spectra', start.flat);
        const fake = images(2, -1);
        fake.data[pixel] += shift;
        const { gLoss, rotLoss } = await program(inputs({ fake }));
        return gLoss.data[0] + weight * rotLoss.data[0];
      };
      const slopes = Float32Array.from(dx.data);
      expect(slopes.length).toBe(rows * 196);
      // The steepest of an upright image, and of the last one, which is rotated too: nothing else is far above rounding.
      for (const image of [0, 3, rows - 1]) {
        const own = slopes.subarray(image * 196, (image + 1) * 196);
        const steepest = own.reduce(
          (most, slope, i) => (Math.abs(slope) > Math.abs(own[most]) ? i : most),
          0,
        );
        const pixel = image * 196 + steepest;
        const slope = ((await objective(pixel, 0.02)) - (await objective(pixel, -0.02))) / 0.04;
        expect(Math.abs(slope)).toBeGreaterThan(1e-3);
        expect(Math.abs(slopes[pixel] / slope - 1)).toBeLessThan(0.03);
      }
      program.dispose();
    },
  );

  test('comes after the discriminator’s own step', async () => {
    const [before, after] = [await open({}, still), await open({}, { learningRate: 0.05 })];
    const first = (await before(inputs())).gLoss.data[0];
    const second = (await after(inputs())).gLoss.data[0];
    before.dispose();
    after.dispose();
    // It has learnt to think less of these fakes.
    expect(second).toBeGreaterThan(first + 0.05);
  });
});

describe('the step', () => {
  test('lowers its own loss, rotations, classes and penalty included', async () => {
    const program = await open(
      { rotations: true, coTraining: 'soft' },
      { rotationFraction: 2, learningRate: 3e-3 },
    );
    const half = inputs({ realY: labels(i => (i % 2 === 0 ? i : -1)) });
    const first = await program(half);
    let last = first;
    for (let i = 0; i < 100; i++) last = await program(half);
    for (const loss of ['dLoss', 'realRotLoss', 'classLoss'] as const) {
      expect(first[loss].data[0]).toBeGreaterThan(0);
      expect(last[loss].data[0]).toBeLessThan(0.8 * first[loss].data[0]);
    }
    program.dispose();
  });

  test('a batch without any label has no class loss, and stays finite', async () => {
    const program = await open({ coTraining: 'hard' }, {});
    for (let i = 0; i < 3; i++) {
      const { classLoss, dLoss, dx } = await program(inputs({ realY: labels(() => -1) }));
      expect(classLoss.data[0]).toBe(0);
      expect(Number.isFinite(dLoss.data[0]) && dx.data.every(Number.isFinite)).toBe(true);
    }
    program.dispose();
  });

  test('turns each singular vector by one iteration a forward pass, and can go on from where it stood', async () => {
    const [whole, halves] = [await open({}, {}), await open({}, {})];
    const start = whole.state.flat('spectra');
    await whole(inputs());
    await halves(inputs());
    expect(whole.state.flat('spectra')).not.toEqual(start);
    const kept = {
      params: halves.state.flat('params'),
      optimizer: halves.state.flat('optimizer'),
      spectra: halves.state.flat('spectra'),
    };
    halves.dispose();
    const again = await open({}, {});
    again.state.setFlat('params', kept.params);
    again.state.setFlat('optimizer', kept.optimizer);
    again.state.setFlat('spectra', kept.spectra);
    const [expected, got] = [await whole(inputs()), await again(inputs())];
    expect(got.dx.data).toEqual(expected.dx.data);
    expect(again.state.flat('spectra')).toEqual(whole.state.flat('spectra'));
    whole.dispose();
    again.dispose();
  });

  test('is the same op by op and compiled', async () => {
    const mix = { shape: [rows, 1, 1, 1], data: Float32Array.from({ length: rows }, (_, i) => i / rows) };
    const program = await open({ rotations: true, coTraining: 'soft' }, { penalty: 'wgan-gp' });
    const { worst } = await program.verify(3, inputs({ mix }));
    expect(worst.difference).toBeLessThan(2e-5);
    program.dispose();
  });
});

test('the penalty l2 makes weights small, whatever the game wants', async () => {
  const program = await open({ spectral: false }, { penalty: 'l2', penaltyWeight: 300, learningRate: 2e-3 });
  const first = await program(inputs());
  let last = first;
  for (let i = 0; i < 100; i++) last = await program(inputs());
  expect(first.penalty.data[0]).toBeGreaterThan(0.1);
  expect(last.penalty.data[0]).toBeLessThan(0.3 * first.penalty.data[0]);
  program.dispose();
});

describe.each(['wgan-gp', 'dragan'] as const)('the penalty %s', penalty => {
  const extra = {
    mix: { shape: [rows, 1, 1, 1], data: Float32Array.from({ length: rows }, (_, i) => (i + 1) / 9) },
    ...(penalty === 'dragan' && { noise: images(9, 0) }),
  };

  test('pulls the slopes of the discriminator towards one', async () => {
    const program = await open(
      { spectral: false },
      { loss: 'wasserstein', penalty, penaltyWeight: 300, learningRate: 2e-3 },
    );
    const first = await program(inputs(extra));
    let last = first;
    for (let i = 0; i < 150; i++) last = await program(inputs(extra));
    expect(first.penalty.data[0]).toBeGreaterThan(0.01);
    expect(last.penalty.data[0]).toBeLessThan(0.3 * first.penalty.data[0]);
    program.dispose();
  });

  test('reaches the weights through the slopes: as finite differences have it', async () => {
    // What the parameters would be after one step of plain size shows the gradient: Adam's first moment holds it.
    const program = await open(
      { spectral: false, conditional: false },
      { loss: 'wasserstein', penalty, penaltyWeight: 1e4, beta1: 0, ...still },
    );
    const params = program.state.flat('params');
    await program(inputs(extra));
    const gradient = program.state
      .flat('optimizer')
      .subarray(1, 1 + params.length)
      .slice();
    const value = async (at: number, shift: number) => {
      const moved = params.slice();
      moved[at] += shift;
      program.state.setFlat('params', moved);
      const { penalty: p, dLoss } = await program(inputs(extra));
      return 1e4 * p.data[0] + dLoss.data[0];
    };
    const largest = Math.max(...gradient.map(Math.abs));
    const chosen = [...gradient.keys()].filter(i => Math.abs(gradient[i]) > 0.5 * largest).slice(0, 4);
    for (const at of chosen) {
      const slope = ((await value(at, 1e-3)) - (await value(at, -1e-3))) / 2e-3;
      expect(Math.abs(slope / gradient[at] - 1)).toBeLessThan(0.03);
    }
    expect(chosen.length).toBeGreaterThan(0);
    program.dispose();
  });
});
