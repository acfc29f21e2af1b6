import type { Film, Shape, Vec3 } from '../core/scene.ts';

/**
 * A film as it is drawn: what an object is stands once, and each frame holds seven numbers an object (position,
 * rotation as x y z w), or none where it is not in the picture.
 */
export interface PackedFilm {
  readonly title: string;
  /** Seconds between frames. */
  readonly dt: number;
  readonly camera: { readonly distance: number; readonly side: 'side' | 'front' | 'above' | 'corner' };
  readonly objects: readonly { readonly shape: Shape; readonly color: string }[];
  readonly frames: readonly {
    readonly poses: readonly (readonly number[])[];
    readonly target: Vec3;
    readonly caption?: string;
  }[];
}

/** An object whose shape or colour changes on the way counts as several. */
export function packFilm({ title, dt, frames }: Film): PackedFilm {
  const keyOf = ({ id, shape, color }: Film['frames'][number]['objects'][number]) =>
    JSON.stringify([id, shape, color]);
  const objects = new Map<string, PackedFilm['objects'][number]>();
  for (const frame of frames) {
    for (const object of frame.objects) objects.set(keyOf(object), object);
  }
  const { distance, side } = frames[0]?.camera ?? { distance: 4, side: 'side' };
  return {
    title,
    dt,
    camera: { distance, side },
    objects: [...objects.values()].map(({ shape, color }) => ({ shape, color })),
    frames: frames.map(frame => {
      const present = new Map(frame.objects.map(object => [keyOf(object), object]));
      const poses = [...objects.keys()].map(key => {
        const object = present.get(key);
        return object ? [...object.position, ...object.rotation] : [];
      });
      return {
        poses,
        target: frame.camera.target,
        ...(frame.caption !== undefined && { caption: frame.caption }),
      };
    }),
  };
}
