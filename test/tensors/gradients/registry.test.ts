import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
});

it('our gradients take the place of those that stock tfjs has registered, without a warning', async () => {
  const stock = await import('@tensorflow/tfjs');
  const before = stock.getGradient('Minimum');
  expect(before).toBeDefined();
  const warn = vi.spyOn(console, 'warn');
  await import('../../../src/tensors/ops.ts');
  const { gradients } = await import('../../../src/tensors/gradients/index.ts');
  expect(stock.getGradient('Minimum')).not.toBe(before);
  for (const row of gradients) expect(stock.getGradient(row.kernelName), row.kernelName).toBe(row);
  expect(warn).not.toHaveBeenCalled();
});

it('has one row a kernel', async () => {
  const { gradients } = await import('../../../src/tensors/gradients/index.ts');
  const names = gradients.map(({ kernelName }) => kernelName);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

/** What tfjs has a gradient for, and this table does not: the list that its comment gives in words. */
const leftOut = [
  ...['AvgPool3D', 'BroadcastTo', 'ComplexAbs', 'Conv3D', 'Dilation2D', 'FusedBatchNorm', 'LogSoftmax'],
  ...['MaxPool3D'],
];

it('covers what tfjs covers', async () => {
  const core = fileURLToPath(import.meta.resolve('@tensorflow/tfjs-core'));
  const file = join(core, '../register_all_gradients.js');
  const theirs = [...readFileSync(file, 'utf8').matchAll(/gradients\/(\w+)_grad'/g)].map(([, name]) => name);
  expect(theirs.length).toBeGreaterThan(100);
  const { gradients } = await import('../../../src/tensors/gradients/index.ts');
  const ours = new Set(gradients.map(({ kernelName }) => kernelName));
  expect(theirs.filter(name => !ours.has(name)).sort()).toEqual(leftOut);
});

it('nothing that runs needs the whole of tfjs', () => {
  const source = fileURLToPath(new URL('../../../src', import.meta.url));
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(200);
  const whole = /(from|import)\s*\(?\s*['"]@tensorflow\/tfjs['"]/;
  const found = files.filter(file => whole.test(readFileSync(join(source, file), 'utf8')));
  expect(found.filter(file => !file.startsWith('bench'))).toEqual([]);
});
