import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCase } from '../../../src/bench/cases/index.ts';
import { transformerXlCase } from '../../../src/bench/cases/transformer-xl.ts';
import { Rival, rivalKinds } from '../../../src/bench/rivals/rival.ts';
import { Random } from '../../../src/core/random.ts';
import { type HostTensor, initTensors } from '../../../src/tensors/index.ts';
import { expectSameSteps } from './same-steps.ts';

const one = transformerXlCase({
  layers: 2,
  width: 8,
  heads: 2,
  lanes: 3,
  length: 4,
  memory: 6,
  vocabulary: 11,
});
const kind = rivalKinds()[1];
const started = await Rival.start(kind);

beforeAll(async () => void (await initTensors('eager/wasm')));
afterAll(() => started instanceof Rival && started.stop());

it('learns: its loss falls over 40 steps', async () => {
  const random = Random.fromSeed(1);
  const program = await compileCase(one, one.state(random));
  const inputs = { ...one.inputs(random), learningRate: 1e-2 };
  const losses: number[] = [];
  for (let k = 0; k < 40; k++) losses.push(((await program(inputs))['loss'] as HostTensor).data[0]);
  program.dispose();
  expect(losses[39]).toBeLessThan(losses[0] / 2);
});

describe.runIf(started instanceof Rival)('PyTorch', () => {
  it.each(kind.variants)('takes the same steps: $name', ({ name }) =>
    expectSameSteps(started as Rival, one, name, 1e-4),
  );
});
