import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StudyCase, smallCases } from '../../../src/bench/cases/index.ts';
import { Rival, rivalKinds } from '../../../src/bench/rivals/rival.ts';
import { Random } from '../../../src/core/random.ts';
import { initTensors } from '../../../src/tensors/index.ts';
import { expectSameSteps } from './same-steps.ts';

const [stockKind] = rivalKinds();
let stock: Rival;

beforeAll(async () => {
  await initTensors('eager/wasm');
  const started = await Rival.start(stockKind);
  if (!(started instanceof Rival)) throw new Error(started.skipped);
  stock = started;
});
afterAll(() => stock?.stop());

it.each(smallCases.map(each => [each.name, each] as const))('%s is the same step as ours', async (_, one) => {
  await expectSameSteps(stock, one, '', 2e-5);
});

it('says what it cannot do, and goes on', async () => {
  const [mlp] = smallCases;
  const random = Random.fromSeed(1);
  const state = mlp.state(random);
  const wrong = { ...mlp, program: 'transformer' } as const;
  const open = (one: StudyCase) => stock.open(one, state, mlp.inputs(random), { random });
  await expect(open(wrong)).rejects.toThrow(/^stock tfjs: Cannot/);
  await (await open(mlp)).close();
});

it('one that this machine lacks is named, with the way to say where it is', async () => {
  const [, torch] = rivalKinds('/nowhere/python3');
  expect(await Rival.start(torch)).toEqual({
    skipped: 'PyTorch: there is no /nowhere/python3 (say which by PYTHON=…)',
  });
});
