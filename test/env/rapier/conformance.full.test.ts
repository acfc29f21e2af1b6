import { expect, test } from 'vitest';
import { checkEnvironment, describeReport } from '../../../src/env/check/check.ts';
import type { EnvironmentDefinition } from '../../../src/env/define.ts';
import { halfCheetah } from '../../../src/env/rapier/half-cheetah.ts';
import { quadruped } from '../../../src/env/rapier/quadruped.ts';

test.each<EnvironmentDefinition>([halfCheetah, quadruped])(
  '$name keeps every rule of the conformance kit',
  async definition => {
    const report = await checkEnvironment(definition, { steps: 40, patience: 520 });
    expect(describeReport(report)).toContain('keeps all');
  },
);
