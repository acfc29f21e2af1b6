/** Red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** A square picture in colours, row by row. */
export interface Picture {
  readonly side: number;
  /** [side × side × 3] */
  readonly bytes: Uint8Array;
}

interface View {
  readonly side: number;
  readonly channels: 1 | 3;
}

/** Pixels of the network, in [−1/2, 1/2), as a picture; others are cut. @param values [side × side × channels] */
export function ofPicture(values: Float32Array, { side, channels }: View): Picture {
  const bytes = new Uint8Array(3 * side * side);
  for (let p = 0; p < side * side; p++)
    for (let c = 0; c < 3; c++) {
      const value = values[p * channels + (channels === 3 ? c : 0)];
      bytes[3 * p + c] = byteOf(value + 0.5);
    }
  return { side, bytes };
}

/** A difference that has the full colour. */
const full = 0.5;

/** White where two are the same, red where the truth is darker, blue where it is lighter; of colours, their mean. */
export function ofDifference(truth: Float32Array, other: Float32Array, { side, channels }: View): Picture {
  const bytes = new Uint8Array(3 * side * side);
  for (let p = 0; p < side * side; p++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += truth[p * channels + c] - other[p * channels + c];
    const off = Math.max(-1, Math.min(1, sum / channels / full));
    bytes.set([byteOf(1 - Math.max(0, off)), byteOf(1 - Math.abs(off)), byteOf(1 + Math.min(0, off))], 3 * p);
  }
  return { side, bytes };
}

const byteOf = (share: number): number => Math.round(255 * Math.max(0, Math.min(1, share)));

/**
 * A picture larger, with a rim around it.
 * @param scale each pixel becomes so many squared @param rim in pixels of what comes out
 * @returns its bytes in base64, as exhibits have them: (side · scale + 2 rim)² × 3
 */
export function framed({ side, bytes }: Picture, scale: number, rim: number, color: Color): string {
  const whole = side * scale + 2 * rim;
  const out = new Uint8Array(3 * whole * whole);
  for (let y = 0; y < whole; y++)
    for (let x = 0; x < whole; x++) {
      const row = Math.floor((y - rim) / scale);
      const column = Math.floor((x - rim) / scale);
      const inside = row >= 0 && row < side && column >= 0 && column < side;
      const from = 3 * (row * side + column);
      out.set(inside ? bytes.subarray(from, from + 3) : color, 3 * (y * whole + x));
    }
  return Buffer.from(out).toString('base64');
}
