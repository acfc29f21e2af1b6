import type { World } from '@dimforge/rapier3d-simd-compat';
import type { SceneObject } from '../../core/scene.ts';
import { motorOf } from '../../env/rapier/build.ts';
import type { Rapier } from '../../env/rapier/engine.ts';

/** A pad's middle from the hand's, open, m. */
const openGap = 0.035;
/** Half the size of a pad: along the way, up, across; m. */
const pad = [0.012, 0.025, 0.005] as const;
const fingerMass = 0.03;
/** A finger's servo, N/m and N s/m; what it gives is bounded by the force it is asked for. */
const servo = { stiffness: 400, damping: 4 } as const;
/** N with which fingers open. */
const openForce = 20;
/** Where closing fingers aim: pads that meet in the middle of a cube would. */
const closeGap = 0.02;

/** A hand that is led on a way, and its two fingers, which close across it with a bounded force. */
export interface Hand {
  /** Writes the states of hand and open fingers. */
  put(x: number, y: number, z: number): void;
  /** Where the hand shall be after the next step. */
  aim(x: number, y: number, z: number): void;
  /** @param force of each finger, N */
  close(force: number): void;
  open(): void;
  setFriction(friction: number): void;
  /** The fingers, where they stand now. */
  scene(): SceneObject[];
}

export function buildHand(rapier: Rapier, world: World): Hand {
  const palm = world.createRigidBody(rapier.RigidBodyDesc.kinematicPositionBased().setCanSleep(false));
  const fingers = [-1, 1].map(side => {
    const body = world.createRigidBody(
      rapier.RigidBodyDesc.dynamic()
        .setTranslation(0, 0, side * openGap)
        .setGravityScale(0)
        .setCanSleep(false),
    );
    const collider = world.createCollider(
      rapier.ColliderDesc.cuboid(...pad)
        .setMass(fingerMass)
        .setFrictionCombineRule(rapier.CoefficientCombineRule.Min),
      body,
    );
    const along = rapier.JointData.prismatic(still, still, { x: 0, y: 0, z: 1 });
    const { handle } = world.createImpulseJoint(along, palm, body, true);
    const joint = motorOf(rapier, world, { kind: 'slider' }, handle);
    joint.configureMotorModel(rapier.MotorModel.ForceBased);
    return { side, body, collider, joint };
  });
  const drive = (gap: number, force: number) => {
    for (const { side, joint } of fingers) {
      joint.setMotorMaxForce(force);
      joint.configureMotorPosition(side * gap, servo.stiffness, servo.damping);
    }
  };
  return {
    put(x, y, z) {
      palm.setTranslation({ x, y, z }, true);
      palm.setNextKinematicTranslation({ x, y, z });
      for (const { side, body } of fingers) {
        body.setTranslation({ x, y, z: z + side * openGap }, true);
        body.setRotation({ x: 0, y: 0, z: 0, w: 1 }, true);
        body.setLinvel(still, true);
        body.setAngvel(still, true);
      }
    },
    aim: (x, y, z) => palm.setNextKinematicTranslation({ x, y, z }),
    // Across zero: the fingers press as hard as they may, whatever is between them.
    close: force => drive(-closeGap, force),
    open: () => drive(openGap, openForce),
    setFriction(friction) {
      for (const { collider } of fingers) collider.setFriction(friction);
    },
    scene: () =>
      fingers.map(({ side, body }) => {
        const { x, y, z } = body.translation();
        return {
          id: `finger ${side}`,
          shape: { kind: 'box', half: pad },
          position: [x, y, z],
          rotation: [0, 0, 0, 1],
          color: '#444b54',
        };
      }),
  };
}

const still = { x: 0, y: 0, z: 0 };
