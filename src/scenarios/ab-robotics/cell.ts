import type { RigidBody, World } from '@dimforge/rapier3d-simd-compat';
import type { Random } from '../../core/random.ts';
import type { SceneObject, Vec3 } from '../../core/scene.ts';
import type { Engine, Rapier } from '../../env/rapier/engine.ts';
import type { Controller, Played, Surroundings } from './contract.ts';
import { buildHand, type Hand } from './hand.ts';

/** Metres between the middles of the bins. */
export const way = 0.3;
const cubeHalf = 0.02;
const cubeMass = 0.04;
/** Seconds of a physics step. */
const dt = 0.01;
/** Physics steps of each phase: 90 in all. */
const phases = { close: 10, raise: 12, carry: 36, lower: 12, open: 4, leave: 16 } as const;
/** What differs from trial to trial: sd in m, of the logarithm (`friction`, `force`), or the widest turn in rad. */
const noise = { along: 0.012, across: 0.01, turn: 0.35, seen: 0.006, friction: 0.25, force: 0.2 } as const;
/** Height of the hand's middle where it takes the cube and lets go of it, m. */
const low = cubeHalf + 0.008;

/**
 * A bench with two bins 30 cm apart, a foam cube of 4 cm, and a hand of two fingers that carries it across. Rapier decides
 * whether it arrives: a finger's force is bounded and the fingers are not coupled, so the cube slips where friction or
 * force are poor, swings where it was taken off its middle, and drifts where the bench leans.
 *
 * A trial depends on its setting and its random stream alone, bit for bit: it begins with a step in which nothing touches,
 * which drops what contacts remember, and then writes every body's state.
 */
export class Cell {
  readonly #world: World;
  readonly #hand: Hand;
  readonly #cube: RigidBody;
  #watch: (() => void) | undefined;

  constructor({ rapier }: Engine) {
    const world = new rapier.World(still);
    world.timestep = dt;
    world.lengthUnit = 0.1;
    world.numSolverIterations = 2;
    addBench(rapier, world);
    this.#hand = buildHand(rapier, world);
    this.#cube = world.createRigidBody(rapier.RigidBodyDesc.dynamic().setCanSleep(false));
    world.createCollider(
      rapier.ColliderDesc.cuboid(cubeHalf, cubeHalf, cubeHalf)
        .setMass(cubeMass)
        .setFriction(1)
        .setFrictionCombineRule(rapier.CoefficientCombineRule.Min),
      this.#cube,
    );
    this.#world = world;
  }

  /**
   * Plays one trial: 90 physics steps, 0.9 s.
   * @param random the trial's own stream
   * @param watch called after every step, for films
   */
  play(controller: Controller, around: Surroundings, random: Random, watch?: () => void): Played {
    this.#watch = watch;
    const start = [
      bounded(random.normal() * noise.along, 0.03),
      bounded(random.normal() * noise.across, 0.03),
      random.uniform(-noise.turn, noise.turn),
    ] as const;
    const seen = start[0] + around.offset + random.normal() * noise.seen + controller.correction;
    const across = start[1] + random.normal() * noise.seen;
    const friction = around.friction * Math.exp(random.normal() * noise.friction);
    const force = controller.squeeze * around.gain * Math.exp(random.normal() * noise.force);
    this.#reset(start, seen, across, friction, around.tilt);

    const high = low + controller.lift;
    this.#hand.close(force);
    this.#move(phases.close, across, [seen, low], [seen, low]);
    this.#move(phases.raise, across, [seen, low], [seen, high]);
    this.#move(phases.carry, across, [seen, high], [way, high]);
    const held = this.#cube.translation(point).y > low;
    this.#move(phases.lower, across, [way, high], [way, low]);
    this.#hand.open();
    this.#move(phases.open, across, [way, low], [way, low]);
    this.#move(phases.leave, across, [way, low], [way, high]);
    const { x, z } = this.#cube.translation(point);
    return { distance: Math.hypot(x - way, z), held, start };
  }

  /** Moves the hand in a plane across the bench, without a jerk. */
  #move(count: number, z: number, from: readonly [number, number], to: readonly [number, number]): void {
    for (let step = 1; step <= count; step++) {
      const share = smooth(step / count);
      this.#hand.aim(from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share, z);
      this.#world.step();
      this.#watch?.();
    }
  }

  #reset(start: Played['start'], x: number, z: number, friction: number, tilt: number): void {
    const world = this.#world;
    world.gravity = still;
    this.#put(way / 2, 2, 0, 0);
    this.#hand.open();
    this.#hand.put(x, 0.5, z);
    world.step();
    world.gravity = { x: 0, y: -9.81 * Math.cos(tilt), z: 9.81 * Math.sin(tilt) };
    this.#hand.put(x, low, z);
    this.#hand.setFriction(friction);
    this.#put(start[0], cubeHalf + 0.0005, start[1], start[2]);
  }

  #put(x: number, y: number, z: number, turn: number): void {
    this.#cube.setTranslation({ x, y, z }, true);
    this.#cube.setRotation({ x: 0, y: Math.sin(turn / 2), z: 0, w: Math.cos(turn / 2) }, true);
    this.#cube.setLinvel(still, true);
    this.#cube.setAngvel(still, true);
  }

  /** What moves, where it stands now. */
  scene(): SceneObject[] {
    const { x, y, z } = this.#cube.translation();
    const turn = this.#cube.rotation();
    return [
      {
        id: 'cube',
        shape: { kind: 'box', half: [cubeHalf, cubeHalf, cubeHalf] },
        position: [x, y, z],
        rotation: [turn.x, turn.y, turn.z, turn.w],
        color: '#e08e45',
      },
      ...this.#hand.scene(),
    ];
  }

  /** Frees the engine's memory, once; the cell must not be used after. */
  free(): void {
    this.#world.free();
  }
}

/** The bench top and the low walls of both bins: half sizes and middles. */
const blocks: readonly { readonly half: Vec3; readonly at: Vec3 }[] = [
  { half: [0.6, 0.05, 0.4], at: [way / 2, -0.05, 0] },
  ...[0, way].flatMap(middle =>
    [-1, 1].flatMap(side => [
      { half: [0.004, 0.02, 0.08] as const, at: [middle + side * 0.075, 0.02, 0] as const },
      { half: [0.075, 0.02, 0.004] as const, at: [middle, 0.02, side * 0.08] as const },
    ]),
  ),
];

function addBench(rapier: Rapier, world: World): void {
  for (const { half, at } of blocks) {
    world.createCollider(
      rapier.ColliderDesc.cuboid(...half)
        .setTranslation(...at)
        .setFriction(0.6),
    );
  }
}

/** The bench and its bins, as they stand in every trial. */
export const benchScene: readonly SceneObject[] = blocks.map(({ half, at }, i) => ({
  id: i === 0 ? 'bench' : `wall ${i}`,
  shape: { kind: 'box', half },
  position: at,
  rotation: [0, 0, 0, 1],
  color: i === 0 ? '#9a8c7c' : '#5b7f95',
}));

const still = { x: 0, y: 0, z: 0 };
const point = { x: 0, y: 0, z: 0 };
const bounded = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
/** From 0 to 1 with neither speed nor acceleration at the ends: minimum jerk (Flash and Hogan, 1985). */
const smooth = (s: number): number => s * s * s * (10 + s * (6 * s - 15));
