import type { Quat, Scene, SceneObject } from '../../core/scene.ts';
import { bodyStride } from './kinematics.ts';
import type { RobotWorld } from './packed-world.ts';
import { rotate } from './quaternions.ts';
import { loadRadius } from './robot.ts';
import { upright } from './shapes.ts';
import { underSprings } from './spring-floor.ts';

const ground: SceneObject = {
  id: 'ground',
  shape: { kind: 'ground' },
  position: [0, 0, 0],
  rotation: upright,
  color: '#d8dee6',
};

/** What a picture shows of its own. */
interface Picture {
  readonly caption: string;
  /** Metres from the camera to the robot. Default 4. */
  readonly distance?: number | undefined;
  /** Objects beside the robot. */
  readonly beside?: readonly SceneObject[] | undefined;
}

/** One robot as a scene in its own coordinates, the camera on its first body. */
export function drawRobot(
  world: RobotWorld,
  copy: number,
  { caption, distance = 4, beside = [] }: Picture,
): Scene {
  const { states, robot } = world;
  const first = copy * world.stride;
  const bodies = robot.bodies.map(({ name, shape, turn, color }, b): SceneObject => {
    const at = first + b * bodyStride;
    return {
      id: name,
      shape,
      position: [states[at], states[at + 1], states[at + 2]],
      rotation: product([states[at + 3], states[at + 4], states[at + 5], states[at + 6]], turn ?? upright),
      color,
    };
  });
  const loads = robot.bodies.flatMap(({ name, load }, b): SceneObject[] => {
    if (!load) return [];
    const at = first + b * bodyStride;
    const arm = rotate(states, at + 3, load.position, new Float64Array(3));
    return [
      {
        id: `${name} load`,
        shape: { kind: 'sphere', radius: loadRadius },
        position: [states[at] + arm[0], states[at + 1] + arm[1], states[at + 2] + arm[2]],
        rotation: upright,
        color: '#4a4a4a',
      },
    ];
  });
  const tiles = world.drawFloor(copy);
  const level = tiles.length > 0 ? { ...ground, position: [0, -underSprings, 0] as const } : ground;
  return {
    objects: [...(world.hasGround ? [level] : []), ...tiles, ...bodies, ...loads, ...beside],
    camera: {
      target: [states[first], world.hasGround ? 0.6 : states[first + 1], states[first + 2]],
      distance,
      side: robot.planar ? 'side' : 'corner',
    },
    caption,
  };
}

/** First `b`, then `a`. */
const product = (a: Quat, b: Quat): Quat => [
  a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
  a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
  a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
  a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
];
