import { beforeAll, expect, it } from 'vitest';
import {
  type CompiledCase,
  compileCase,
  type StudyCase,
  smallCases,
  studyCases,
} from '../../../src/bench/cases/index.ts';
import { gathered, scanOf } from '../../../src/bench/cases/scan.ts';
import { Random } from '../../../src/core/random.ts';
import { type HostTensor, initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => void (await initTensors('eager/wasm')));

const lossOf = (outputs: Record<string, unknown>): number => (outputs['loss'] as HostTensor).data[0];

/** A case's state and inputs. */
function prepared(one: StudyCase) {
  const random = Random.fromSeed(1);
  return { state: one.state(random), inputs: one.inputs(random) };
}

const named = (cases: readonly StudyCase[]) => cases.map(each => [each.name, each] as const);
const steps = named(smallCases.filter(({ scan, watched }) => !scan && watched === 'loss'));
const scans = named(smallCases.filter(({ scan }) => scan));

it.each(steps)('%s learns: its loss falls over 20 steps', async (_, one) => {
  const { state, inputs } = prepared(one);
  const program = await compileCase(one, state);
  const losses: number[] = [];
  for (let k = 0; k < 20; k++) losses.push(lossOf(await program({ ...inputs, learningRate: 1e-2 })));
  program.dispose();
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(losses[19]).toBeLessThan(losses[0]);
});

it.each(scans)('%s gives in one call what minibatches one by one give', async (_, one) => {
  const { state, inputs } = prepared(one);
  const [whole, single]: CompiledCase[] = [await compileCase(one, state), await compileCase(one, state)];
  const { batch, steps, indices, split } = scanOf(one, inputs, Random.fromSeed(2));
  const { loss } = await whole.scan(split, indices, batch);
  const losses: number[] = [];
  for (let k = 0; k < steps; k++) losses.push(lossOf(await single(gathered(split, indices, batch, k))));
  expect([...(loss as HostTensor).data]).toEqual(losses);
  expect(whole.state.flat('params')).toEqual(single.state.flat('params'));
  whole.dispose();
  single.dispose();
});

it.each(named(smallCases))('%s is the same for the same seed', (_, one) => {
  expect(prepared(one)).toEqual(prepared(one));
});

it('acts: a row of actions an observation', async () => {
  const acting = smallCases.find(({ watched }) => watched === 'actions')!;
  const random = Random.fromSeed(1);
  const program = await compileCase(acting, acting.state(random));
  const { actions } = program.sync(acting.inputs(random));
  expect((actions as HostTensor).shape).toEqual([1, 2]);
  program.dispose();
});

it('every case has a name of its own, and each of its programs a small form', () => {
  expect(new Set(studyCases.map(({ name }) => name)).size).toBe(studyCases.length);
  const programs = (cases: typeof studyCases) => [...new Set(cases.map(({ program }) => program))].sort();
  expect(programs(smallCases)).toEqual(programs(studyCases));
});
