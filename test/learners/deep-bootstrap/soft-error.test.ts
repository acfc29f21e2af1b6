import { expect, it } from 'vitest';
import { classificationSums } from '../../../src/learners/classifier/index.ts';
import { compile, hostTensor, type Tensor } from '../../../src/tensors/index.ts';

it('the soft error is the mean of 1 − the probability of the right class', async () => {
  const errors = await compile(
    ({ logits, labels, counted }: { logits: Tensor; labels: Tensor; counted: Tensor }) =>
      classificationSums(logits, labels, counted),
    { executor: 'onnx-cpu' },
  );
  const logits = hostTensor([3, 3], [2, 0, 0, 0, 1, 0, 1, 1, 0]);
  const labels = { shape: [3], data: Int32Array.of(0, 0, 2) };
  const of = async (...counted: number[]) => {
    const { soft, hard } = await errors({ logits, labels, counted: hostTensor([3], counted) });
    return { soft: soft.data[0], hard: hard.data[0] };
  };
  expect((await of(1, 0, 0)).soft).toBeCloseTo(0.213014, 6);
  expect((await of(0, 1, 0)).soft).toBeCloseTo(0.788058, 6);
  expect((await of(0, 0, 1)).soft).toBeCloseTo(0.844638, 6);
  const all = await of(1, 1, 1);
  expect(all.soft / 3).toBeCloseTo(0.615237, 6);
  expect(all.hard / 3).toBeCloseTo(0.666667, 6);
  errors.dispose();
});
