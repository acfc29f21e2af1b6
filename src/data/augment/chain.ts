import type { Augment } from './contract.ts';

/** One after the other, each on what the one before made. Without any, images are copied. */
export function chain(...steps: readonly Augment[]): Augment {
  if (steps.length === 0) return identity;
  let between = new Float32Array(0);
  let other = between;
  const names: string[] = [];
  return (x, at, out, outAt, shape, random) => {
    const size = shape[0] * shape[1] * shape[2];
    if (between.length < size) {
      between = new Float32Array(size);
      other = new Float32Array(size);
    }
    names.length = 0;
    let from = x;
    let fromAt = at;
    for (let i = 0; i < steps.length; i++) {
      const last = i === steps.length - 1;
      const to = last ? out : from === between ? other : between;
      const toAt = last ? outAt : 0;
      const done = steps[i](from, fromAt, to, toAt, shape, random);
      if (done !== 'identity') names.push(done);
      from = to;
      fromAt = toAt;
    }
    return names.join(', ') || 'identity';
  };
}

/** The image as it is. */
export const identity: Augment = (x, at, out, outAt, shape) => {
  const count = shape[0] * shape[1] * shape[2];
  for (let i = 0; i < count; i++) out[outAt + i] = x[at + i];
  return 'identity';
};
