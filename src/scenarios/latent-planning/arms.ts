import type { PlannerSettings } from '../../actors/planner/index.ts';
import type { PlanetSettings } from '../../learners/planet/config.ts';
import type { Role } from '../../report/exhibits/index.ts';

/** One way to learn a latent model, and to plan in it. */
export interface PlanetArm {
  /** In the summary and the log. */
  readonly name: string;
  /** In pictures. */
  readonly title: string;
  readonly role: Role;
  /** Who acts while episodes are collected after the seed episodes. */
  readonly collect: 'planner' | 'random';
  /** Settings of PlaNet that are this arm's own. */
  readonly planet?: PlanetSettings;
  /** Another planner than the cross-entropy method of `planet`. */
  readonly planner?: PlannerSettings;
  /** Films the first test episode under this title. */
  readonly film?: string;
}

/** The method. */
export const planetArm: PlanetArm = {
  name: 'planet',
  title: 'PlaNet',
  role: 'method',
  collect: 'planner',
  film: 'PlaNet, after learning',
};
