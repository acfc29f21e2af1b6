import { firstValueFrom, take, toArray } from 'rxjs';
import type { SpawnOptions, System } from '../../../src/actors/index.ts';
import { source } from '../../fixtures/actors/basic.ts';
import { type Fault, faulty } from '../../fixtures/actors/faults.ts';

/** 64 MiB. */
export const budget = 64 * 2 ** 20;

/** Sends 0…5 through a faulty actor. */
export async function runFaulty(
  system: System,
  config: { fault: Fault; at?: number; lives?: number },
  options: Omit<SpawnOptions, 'copies'> = {},
) {
  const sender = await system.spawn(source, {}, { on: 'main' });
  const actor = await system.spawn(faulty, config, options);
  const passed = firstValueFrom(actor.outputs.passed.pipe(take(6), toArray()));
  system.link(sender.outputs.numbers, actor.inputs.numbers);
  await sender.call.send(6);
  return { actor, passed };
}

/** What comes out if the actor died while it handled `at` and then got that message again, and its state back. */
export const onceRestarted = (at: number) =>
  [0, 1, 2, 3, 4, 5].map(value => ({ value, life: value < at ? 1 : 2, sum: (value * (value + 1)) / 2 }));
