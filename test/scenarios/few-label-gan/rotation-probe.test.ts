import { afterEach, describe, expect, it, vi } from 'vitest';
import { playProbe } from './probing.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the rotation probe', { timeout: 90_000 }, () => {
  it('tells accuracies of linear probes on three kinds of features', async () => {
    const figures = await playProbe(2, true);
    for (const name of ['rotation', 'random', 'pixels', 'rotations']) {
      expect(figures[name], name).toBeGreaterThan(0.2);
      expect(figures[name], name).toBeLessThanOrEqual(1);
    }
    expect(figures['rotation']).not.toBe(figures['random']);
  });

  it('skips itself by name where the images are not installed', async () => {
    vi.stubEnv('TROUPE_FASHION_MNIST', '/nowhere');
    const figures = await playProbe(2, false);
    expect(figures['rotation']).toBeUndefined();
  });
});
