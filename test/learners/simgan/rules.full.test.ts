import { expect, test } from 'vitest';
import { checkEnvironment, describeReport } from '../../../src/env/check/check.ts';
import { environmentRef } from '../../../src/env/define.ts';
import { hybridCartPole } from '../../../src/learners/simgan/hybrid-cart-pole.ts';
import { type CartPoleDomain, cartPoleIn } from '../../../src/learners/simgan/targets.ts';

test.each<CartPoleDomain>(['source', 'emf', 'weak', 'heavy'])(
  'the cart-pole of the %s domain keeps the rules of environments',
  async domain => {
    const report = await checkEnvironment(cartPoleIn(domain));
    expect(describeReport(report)).toContain('keeps all 27 rules');
    expect(report.unchecked).toEqual([]);
  },
);

test('so does the hybrid simulator', async () => {
  const report = await checkEnvironment(environmentRef(hybridCartPole, {}));
  expect(describeReport(report)).toContain('keeps all 27 rules');
  expect(report.unchecked).toEqual([]);
});
