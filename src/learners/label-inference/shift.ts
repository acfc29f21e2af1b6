import type { Augment } from '../../data/augment/index.ts';

/**
 * Moves an image by up to so many pixels down, up, left or right, each place as likely as the others; zeros come in from
 * outside.
 */
export const shiftBy =
  (most: number): Augment =>
  (x, at, out, outAt, [rows, columns, channels], random) => {
    const down = random.integer(2 * most + 1) - most;
    const right = random.integer(2 * most + 1) - most;
    out.fill(0, outAt, outAt + rows * columns * channels);
    for (let row = Math.max(0, down); row < Math.min(rows, rows + down); row++) {
      const from = Math.max(0, -right);
      const to = Math.min(columns, columns - right);
      const start = at + ((row - down) * columns + from) * channels;
      const target = outAt + (row * columns + from + right) * channels;
      out.set(x.subarray(start, start + (to - from) * channels), target);
    }
    return 'shift';
  };
