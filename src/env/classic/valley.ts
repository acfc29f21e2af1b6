import type { Scene, Vec3 } from '../../core/scene.ts';
import { line, turned } from './drawing.ts';

/** Where the mountain car can be. */
export const positionRange = [-1.2, 0.6] as const;
/** The most that the mountain car moves in a step. */
export const speedLimit = 0.07;

/** What the slope adds to the car's velocity in a step. */
export const slopePull = (position: number): number => -0.0025 * Math.cos(3 * position);

const height = (x: number): number => Math.sin(3 * x) * 0.45 + 0.55;

const hill: readonly Vec3[] = Array.from({ length: 61 }, (_, k) => {
  const x = positionRange[0] + (k / 60) * (positionRange[1] - positionRange[0]);
  return [x, height(x), 0];
});

/** The car, the valley and the flag. */
export function carOnHill(position: number, goal: number): Scene {
  const slope = Math.atan(3 * 0.45 * Math.cos(3 * position));
  const lift = 0.04;
  const car = {
    id: 'car',
    shape: { kind: 'box', half: [0.06, 0.03, 0.04] },
    position: [position - lift * Math.sin(slope), height(position) + lift * Math.cos(slope), 0],
    rotation: turned(slope),
    color: '#d1495b',
  } as const;
  const flag = line(
    'flag',
    [
      [goal, height(goal), 0],
      [goal, height(goal) + 0.2, 0],
      [goal + 0.08, height(goal) + 0.16, 0],
      [goal, height(goal) + 0.12, 0],
    ],
    '#2a9d8f',
  );
  return {
    objects: [line('hill', hill, '#888888'), flag, car],
    camera: { target: [-0.3, 0.55, 0], distance: 2, side: 'side' },
  };
}
