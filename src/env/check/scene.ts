import type { Scene } from '../../core/scene.ts';
import { describe } from '../flatten.ts';

/** What is wrong with a scene, in one line. */
export function sceneFault(scene: Scene): string | undefined {
  if (!Array.isArray(scene?.objects)) return `scene.objects = ${describe(scene?.objects)}, expected an array`;
  const ids = scene.objects.map(object => object.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) return `two objects have the id ${describe(twice)}`;
  for (const { id, position, rotation } of scene.objects) {
    if (!isFinite3(position)) return `${id}: position = [${position}], expected three finite numbers`;
    const length = Math.hypot(...rotation);
    if (!(Math.abs(length - 1) < 1e-3))
      return `${id}: rotation has length ${length}, expected a unit quaternion`;
  }
  if (!isFinite3(scene.camera?.target) || !(scene.camera.distance > 0))
    return 'camera: expected a finite target and a positive distance';
  return undefined;
}

const isFinite3 = (vector: readonly number[] | undefined): boolean =>
  vector?.length === 3 && vector.every(Number.isFinite);
