import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallCases } from '../../../src/bench/cases/index.ts';
import { Rival, rivalKinds } from '../../../src/bench/rivals/rival.ts';
import { initTensors } from '../../../src/tensors/index.ts';
import { expectSameSteps } from './same-steps.ts';

const kind = rivalKinds()[1];
const started = await Rival.start(kind);

beforeAll(async () => void (await initTensors('eager/wasm')));
afterAll(() => started instanceof Rival && started.stop());

it.skipIf(started instanceof Rival)('says in a line why there is no PyTorch', () => {
  expect(started).toEqual({ skipped: expect.stringMatching(/^.+$/) });
});

describe.runIf(started instanceof Rival)('PyTorch', () => {
  const torch = started as Rival;
  describe.each(kind.variants)('$name', ({ name: variant }) => {
    it.each(smallCases.map(each => [each.name, each] as const))('%s is the same step as ours', (_, one) =>
      expectSameSteps(torch, one, variant, 1e-4),
    );
  });
});
