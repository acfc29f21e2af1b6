import { expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { checkEnvironment, describeReport } from '../../../src/env/check/check.ts';
import { box } from '../../../src/env/spaces.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { generatorRef } from '../../../src/learners/simgan/generator.ts';
import { identificationOf } from '../../../src/learners/simgan/identification.ts';
import { refinementOf } from '../../../src/learners/simgan/refinement.ts';
import { robotOf } from '../../../src/learners/simgan/robots.ts';
import { type CartPoleDomain, cartPoleIn } from '../../../src/learners/simgan/targets.ts';

test.each<CartPoleDomain>(['source', 'emf', 'weak', 'heavy'])(
  'the cart-pole of the %s domain keeps the rules of environments',
  async domain => {
    const report = await checkEnvironment(cartPoleIn(domain));
    expect(describeReport(report)).toContain('keeps all 27 rules');
    expect(report.unchecked).toEqual([]);
  },
);

const robot = robotOf('cart-pole');
const policy = policyRef(
  ppoPolicy,
  { hidden: [8] },
  { observation: box(5), action: box(1, { low: -1, high: 1 }) },
);
const generator = generatorRef(robot, { hidden: [8] });
const parameters = (size: number) => Float32Array.from({ length: size }, (_, i) => 0.1 * Math.sin(i));
const built = {
  hybrid: robot.hybrid(),
  identification: identificationOf(
    'cart-pole',
    policy,
    [0, 1].map(() => parameters(policy.size)),
  ),
  refinement: refinementOf(
    'cart-pole',
    generator,
    [0, 1].map(() => parameters(generator.size)),
  ),
  randomised: robot.randomized(),
};
test.each(Object.entries(built))('so does the %s simulator', async (_, ref) => {
  const report = await checkEnvironment(ref);
  expect(describeReport(report)).toContain('keeps all 27 rules');
  expect(report.unchecked).toEqual([]);
});
