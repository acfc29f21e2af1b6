import { expect, it } from 'vitest';
import { compile, hostTensor, movingAverage, type Tensor } from '../../../src/tensors/index.ts';

interface Net<T> {
  readonly w: T;
  readonly b: T;
}

it('a moving average takes its share of the parameters', async () => {
  const average = { w: hostTensor([2], [1, 2]), b: hostTensor([1], [4]) };
  const params = { w: hostTensor([2], [3, -2]), b: hostTensor([1], [0]) };
  const program = await compile(
    ({ average, params, decay }: { average: Net<Tensor>; params: Net<Tensor>; decay: Tensor }) => ({
      average: movingAverage(average, params, decay),
    }),
    { state: { average } },
  );
  await program({ params, decay: 0.75 });
  // ¾ · 1 + ¼ · 3; ¾ · 2 − ¼ · 2; ¾ · 4
  expect([...program.state.flat('average')]).toEqual([1.5, 1, 3]);
  await program({ params, decay: 1 });
  expect([...program.state.flat('average')]).toEqual([1.5, 1, 3]);
  await program({ params, decay: 0 });
  expect([...program.state.flat('average')]).toEqual([3, -2, 0]);
  program.dispose();
});
