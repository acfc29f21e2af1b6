import { usageError } from '../../core/errors.ts';
import type { Augment } from './contract.ts';
import { cutout } from './cutout.ts';
import { type OperationName, operations } from './operations.ts';

const names = Object.keys(operations) as OperationName[];
/** `Rotate 3`, by operation and magnitude. */
const told = names.map(name => Array.from({ length: 10 }, (_, magnitude) => `${name} ${magnitude}`));

/**
 * RandAugment as UDA has it (Xie et al., 2020, and the source named at `operations`): two operations drawn evenly from
 * the fifteen, alike ones allowed, each done with probability 0.5 at a magnitude drawn evenly from 1 to 9; then a hole
 * of 16 pixels of 32. Images of one or three channels.
 *
 * @param fill what stands in holes and outside the image. Default 0
 */
export function randAugment(fill = 0): Augment {
  const last = cutout(([rows]) => rows >> 1, fill);
  let first = new Float32Array(0);
  let second = first;
  return (x, at, out, outAt, shape, random) => {
    const channels = shape[2];
    if (channels !== 1 && channels !== 3) {
      throw usageError(`rand-augment: shape = [${shape}]: expected 1 or 3 channels`);
    }
    const size = shape[0] * shape[1] * channels;
    if (first.length < size) {
      first = new Float32Array(size);
      second = new Float32Array(size);
    }
    let from = x;
    let fromAt = at;
    let done = '';
    for (const to of [first, second]) {
      const which = random.integer(names.length);
      const magnitude = 1 + random.integer(9);
      if (random.uint32() < 2 ** 31) continue;
      operations[names[which]](from, fromAt, to, 0, shape, magnitude, random, fill);
      done += `${told[which][magnitude]}, `;
      from = to;
      fromAt = 0;
    }
    return done + last(from, fromAt, out, outAt, shape, random);
  };
}
