import type { RigidBody, World } from '@dimforge/rapier3d-simd-compat';
import { Random } from '../../core/random.ts';
import type { Engine, Rapier } from '../../env/rapier/engine.ts';

/** What is drawn for a scene: a ball that bounces on one lane, a box that slides on another. */
export interface SceneDraw {
  /** m, m, m/s */
  readonly ball: {
    readonly x: number;
    readonly height: number;
    readonly speed: number;
    readonly restitution: number;
  };
  readonly box: {
    readonly x: number;
    readonly speed: number;
    readonly friction: number;
  };
}

/** Where both are at a moment, m. */
export interface SceneFrame {
  readonly ball: readonly [x: number, y: number];
  readonly box: readonly [x: number, y: number];
}

/** How a scene went. */
export interface PlayedScene {
  readonly frames: readonly SceneFrame[];
  /** How high the ball's lower side came after it first touched the floor, m. */
  readonly rebound: number;
  /** How far the box slid, m. */
  readonly distance: number;
}

/** Seconds of one physics step, and steps from one frame to the next. */
const dt = 1 / 60;
const stepsAFrame = 18;
/** Pictures of a scene: at 0, 0.3, … 1.2 s. */
export const frames = 5;
/** Radius of the ball and half of the box's side, m. */
export const size = 0.2;
/** How far apart the lanes are, m: ball and box never meet. */
const lanes = 4;

/** What scene `id` of a seed and a split is: each in its range, evenly. */
export function drawScene(seed: number, split: string, id: number): SceneDraw {
  const random = Random.fromSeed(seed).split('scene', split, id);
  const sign = () => (random.uniform() < 0.5 ? -1 : 1);
  return {
    ball: {
      x: random.uniform(-2, 2),
      height: random.uniform(0.6, 2.6),
      speed: sign() * random.uniform(0.3, 1.2),
      restitution: random.uniform(0.1, 0.9),
    },
    box: {
      x: random.uniform(-2, 2),
      speed: sign() * random.uniform(0.6, 3),
      friction: random.uniform(0.05, 0.5),
    },
  };
}

/**
 * Plays scenes side by side in one world, each on lanes of its own. The same scenes in the same order move the same, bit for bit.
 */
export function playScenes({ rapier }: Engine, draws: readonly SceneDraw[]): PlayedScene[] {
  const world = new rapier.World({ x: 0, y: -9.81, z: 0 });
  world.timestep = dt;
  try {
    world.createCollider(
      new rapier.ColliderDesc(new rapier.HalfSpace({ x: 0, y: 1, z: 0 })).setFriction(1).setRestitution(1),
    );
    const bodies = draws.map(({ ball, box }, i) => ({
      ball: addBall(rapier, world, ball, 2 * i * lanes),
      box: addBox(rapier, world, box, (2 * i + 1) * lanes),
    }));
    const seen: SceneFrame[][] = draws.map(() => []);
    const rebounds = new Float64Array(draws.length);
    const look = () =>
      bodies.forEach(({ ball, box }, i) => {
        const [a, b] = [ball.translation(), box.translation()];
        seen[i].push({ ball: [a.x, a.y], box: [b.x, b.y] });
      });
    look();
    for (let step = 1; step <= (frames - 1) * stepsAFrame; step++) {
      world.step();
      bodies.forEach(({ ball }, i) => {
        // It only ever rises after it was on the floor.
        if (ball.linvel().y > 0) rebounds[i] = Math.max(rebounds[i], ball.translation().y - size);
      });
      if (step % stepsAFrame === 0) look();
    }
    return bodies.map(({ box }, i) => ({
      frames: seen[i],
      rebound: rebounds[i],
      distance: Math.abs(box.translation().x - draws[i].box.x),
    }));
  } finally {
    world.free();
  }
}

function addBall(rapier: Rapier, world: World, ball: SceneDraw['ball'], z: number): RigidBody {
  const desc = rapier.RigidBodyDesc.dynamic()
    .setCanSleep(false)
    .enabledTranslations(true, true, false)
    .enabledRotations(false, false, false)
    .setTranslation(ball.x, ball.height + size, z)
    .setLinvel(ball.speed, 0, 0);
  const body = world.createRigidBody(desc);
  const collider = rapier.ColliderDesc.ball(size)
    .setFriction(0)
    .setFrictionCombineRule(rapier.CoefficientCombineRule.Multiply)
    .setRestitution(ball.restitution)
    .setRestitutionCombineRule(rapier.CoefficientCombineRule.Multiply);
  world.createCollider(collider, body);
  return body;
}

function addBox(rapier: Rapier, world: World, box: SceneDraw['box'], z: number): RigidBody {
  // A contact has no friction at all where a body cannot move along z, so a box may, and does not.
  const desc = rapier.RigidBodyDesc.dynamic()
    .setCanSleep(false)
    .enabledRotations(false, false, false)
    .setTranslation(box.x, size, z)
    .setLinvel(box.speed, 0, 0);
  const body = world.createRigidBody(desc);
  const collider = rapier.ColliderDesc.cuboid(size, size, size)
    .setFriction(box.friction)
    .setFrictionCombineRule(rapier.CoefficientCombineRule.Multiply)
    .setRestitution(0)
    .setRestitutionCombineRule(rapier.CoefficientCombineRule.Multiply);
  world.createCollider(collider, body);
  return body;
}
