/** Metres, right-handed axes: x forward, y up, z towards the viewer’s right. */
export type Vec3 = readonly [x: number, y: number, z: number];
/** A unit quaternion. */
export type Quat = readonly [x: number, y: number, z: number, w: number];

/** What an object looks like, about its own centre; metres. */
export type Shape =
  | { readonly kind: 'box'; readonly half: Vec3 }
  | { readonly kind: 'sphere'; readonly radius: number }
  /** A cylinder of `halfHeight` along the local y axis with half spheres at its ends. */
  | { readonly kind: 'capsule'; readonly radius: number; readonly halfHeight: number }
  /** Flat ends at ±`halfHeight` on the local y axis. */
  | { readonly kind: 'cylinder'; readonly radius: number; readonly halfHeight: number }
  /** An infinite floor through `position`, facing up. */
  | { readonly kind: 'ground' }
  /** A curve in world coordinates (a track, a mountain); `closed` fills it. */
  | { readonly kind: 'line'; readonly points: readonly Vec3[]; readonly closed?: boolean };

/** A shape, where it stands and its colour, as CSS writes one. */
export interface SceneObject {
  /** Stable over the frames of one episode, so that a viewer can move objects rather than rebuild them. */
  readonly id: string;
  readonly shape: Shape;
  readonly position: Vec3;
  readonly rotation: Quat;
  readonly color: string;
}

/**
 * A picture of a scene as data: what to draw and where it stands. Environments give it, whoever shows it (the report) draws
 * it.
 */
export interface Scene {
  readonly objects: readonly SceneObject[];
  /** Where a viewer should look and from how far; a viewer may follow it. */
  readonly camera: {
    readonly target: Vec3;
    readonly distance: number;
    readonly side: 'side' | 'front' | 'above' | 'corner';
  };
  /** One short line to print over the picture, e.g. `3.2 m`. */
  readonly caption?: string;
}

/** A recorded episode: a scene every `dt` seconds. */
export interface Film {
  readonly title: string;
  readonly dt: number;
  readonly frames: readonly Scene[];
}
