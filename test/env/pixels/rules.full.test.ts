import { expect, test } from 'vitest';
import { checkEnvironment, describeReport } from '../../../src/env/check/check.ts';
import { pixels } from '../../../src/env/pixels/pixels.ts';
import { builtInEnvironments, resolveEnvironment } from '../../../src/env/registry.ts';

test.each(builtInEnvironments.map(({ name }) => name))(
  '%s as pixels keeps the rules of environments',
  async name => {
    const ref = pixels(await resolveEnvironment(name), { size: 32, colors: 'rgb', frames: 2 });
    expect(describeReport(await checkEnvironment(ref))).toContain('pixels: keeps the');
  },
);
