import type { Quat, SceneObject, Vec3 } from '../../core/scene.ts';

/** A turn in the picture plane, in radians, counterclockwise as seen by the viewer of a side view. */
export const turned = (angle: number): Quat => [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)];

/** Where a rod of some length ends that hangs from a point; angle 0 is straight down, positive counterclockwise. */
export const endOfRod = ([x, y, z]: Vec3, angle: number, length: number): Vec3 => [
  x + length * Math.sin(angle),
  y - length * Math.cos(angle),
  z,
];

/** A rod that hangs from a point: see `endOfRod`. */
export function rod(
  id: string,
  from: Vec3,
  angle: number,
  size: { readonly length: number; readonly radius: number },
  color: string,
): SceneObject {
  return {
    id,
    shape: { kind: 'capsule', radius: size.radius, halfHeight: size.length / 2 },
    position: endOfRod(from, angle, size.length / 2),
    rotation: turned(angle),
    color,
  };
}

export const ball = (id: string, position: Vec3, radius: number, color: string): SceneObject => ({
  ...{ id, position, color },
  shape: { kind: 'sphere', radius },
  rotation: [0, 0, 0, 1],
});

export const line = (id: string, points: readonly Vec3[], color: string): SceneObject => ({
  ...{ id, color },
  shape: { kind: 'line', points },
  position: [0, 0, 0],
  rotation: [0, 0, 0, 1],
});
