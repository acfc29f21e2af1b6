import type { Vec3 } from '../../core/scene.ts';

/** How much of a scene is in a square picture. */
export interface View {
  /** Metres from one edge of the picture to the other. */
  readonly span: number;
  /** What stays in the middle. Left out, the picture follows the scene's own target. */
  readonly center?: Vec3 | undefined;
}

/** The share of a scene's viewing distance that is in the picture, as in the report's films. */
export const spanOfDistance = 0.62;

/** Views of the tasks that come with Troupe, by name: fixed where all happens in one place, following where it does not. */
export const views: Readonly<Record<string, View>> = {
  acrobot: { span: 4.6, center: [0, 0, 0] },
  'cart-pole': { span: 5.4, center: [0, 0.6, 0] },
  pendulum: { span: 2.6, center: [0, 0, 0] },
  'mountain-car': { span: 2.1, center: [-0.3, 0.6, 0] },
  'mountain-car-continuous': { span: 2.1, center: [-0.3, 0.6, 0] },
  // The cart at either end of its rail is just inside.
  'cart-pole-swing-up': { span: 4, center: [0, 1.2, 0] },
  reacher: { span: 0.5, center: [0, 0, 0] },
  hopper: { span: 2.2 },
  'half-cheetah': { span: 2 },
  ant: { span: 1.8 },
  quadruped: { span: 1.8 },
};
