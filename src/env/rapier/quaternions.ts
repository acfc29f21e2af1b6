/** Vectors and unit quaternions (x y z w) inside longer arrays: no allocation. */
type Numbers = Float32Array | Float64Array | readonly number[];

/** `out` = `vector` turned by the quaternion at `q[at]`. */
export function rotate(q: Numbers, at: number, vector: Numbers, out: Float64Array): Float64Array {
  const x = q[at];
  const y = q[at + 1];
  const z = q[at + 2];
  const w = q[at + 3];
  const vx = vector[0];
  const vy = vector[1];
  const vz = vector[2];
  const tx = 2 * (y * vz - z * vy);
  const ty = 2 * (z * vx - x * vz);
  const tz = 2 * (x * vy - y * vx);
  out[0] = vx + w * tx + y * tz - z * ty;
  out[1] = vy + w * ty + z * tx - x * tz;
  out[2] = vz + w * tz + x * ty - y * tx;
  return out;
}

/** `out` = the vector at `v[from]`, given in world axes, in those of a body whose rotation stands at `q[at]`. */
export function inBody(q: Numbers, at: number, v: Numbers, from: number, out: Float64Array): void {
  const x = -q[at];
  const y = -q[at + 1];
  const z = -q[at + 2];
  const w = q[at + 3];
  const vx = v[from];
  const vy = v[from + 1];
  const vz = v[from + 2];
  const tx = 2 * (y * vz - z * vy);
  const ty = 2 * (z * vx - x * vz);
  const tz = 2 * (x * vy - y * vx);
  out[0] = vx + w * tx + y * tz - z * ty;
  out[1] = vy + w * ty + z * tx - x * tz;
  out[2] = vz + w * tz + x * ty - y * tx;
}

/** Turns the quaternion at `q[at]` on by `angle` about a unit `axis` of its own frame. */
export function turnAbout(q: Float64Array, at: number, axis: Numbers, angle: number): void {
  const s = Math.sin(angle / 2);
  const c = Math.cos(angle / 2);
  const ax = axis[0] * s;
  const ay = axis[1] * s;
  const az = axis[2] * s;
  const x = q[at];
  const y = q[at + 1];
  const z = q[at + 2];
  const w = q[at + 3];
  q[at] = w * ax + x * c + y * az - z * ay;
  q[at + 1] = w * ay - x * az + y * c + z * ax;
  q[at + 2] = w * az + x * ay - y * ax + z * c;
  q[at + 3] = w * c - x * ax - y * ay - z * az;
}

/** Component `k` of (vector at `a[at]`) × b. */
export function cross(a: Numbers, at: number, b: Numbers, k: number): number {
  const i = (k + 1) % 3;
  const j = (k + 2) % 3;
  return a[at + i] * b[j] - a[at + j] * b[i];
}

/** The turn about z of a body that turns about z alone, its rotation (0, 0, sin ½φ, cos ½φ) at `q[at]`: (−π, π]. */
export const turnAboutZ = (q: Numbers, at: number): number => wrapped(2 * Math.atan2(q[at + 2], q[at + 3]));

/** An angle in (−2π, 2π] as the same one in (−π, π]. */
export const wrapped = (angle: number): number =>
  angle > Math.PI ? angle - 2 * Math.PI : angle <= -Math.PI ? angle + 2 * Math.PI : angle;

export const unit = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const;
