import { actingCase } from './acting.ts';
import type { StudyCase } from './contract.ts';
import { convCase } from './conv.ts';
import { mlpCase } from './mlp.ts';
import { ppoCase } from './ppo.ts';
import { rssmCase } from './rssm.ts';
import { sacCase } from './sac.ts';
import { transformerCase } from './transformer.ts';

export { type CompiledCase, compileCase, type Inputs, type StudyCase, type Trees } from './contract.ts';

const withBars = (one: StudyCase, stock: number, torch: number): StudyCase => ({
  ...one,
  bars: { stock, torch },
});

/** The cases that programs are measured by, at the sizes that are reported. */
export const studyCases: readonly StudyCase[] = [
  withBars(mlpCase([8, 64, 64, 2], 64), 15, 3),
  withBars(mlpCase([32, 256, 256, 8], 256), 23, 3),
  ppoCase(64),
  ppoCase(256),
  withBars(ppoCase(64, 32), 19, 3),
  withBars(ppoCase(256, 32), 19, 3),
  withBars(sacCase(), 20, 1.5),
  withBars(convCase(), 6, 1),
  withBars(transformerCase(), 18, 1),
  withBars(rssmCase(), 14, 3),
  actingCase([8, 64, 64, 2], 1),
];

/** The same steps at sizes that any backend runs in no time: for holding one executor against another. */
export const smallCases: readonly StudyCase[] = [
  mlpCase([8, 16, 16, 2], 8),
  ppoCase(16),
  ppoCase(16, 4),
  sacCase({ observation: 5, action: 2, hidden: [16, 16], batch: 16 }),
  convCase(2, 4),
  transformerCase({ width: 8, length: 6, batch: 2, vocabulary: 11 }),
  rssmCase({ steps: 3, batch: 4, hidden: 8 }),
  actingCase([8, 16, 16, 2], 1),
];
