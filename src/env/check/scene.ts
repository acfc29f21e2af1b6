import type { Scene, Shape } from '../../core/scene.ts';
import { describe } from '../flatten.ts';

/** What is wrong with a scene, in one line. */
export function sceneFault(scene: Scene): string | undefined {
  if (!Array.isArray(scene?.objects)) return `scene.objects = ${describe(scene?.objects)}, expected an array`;
  const ids = scene.objects.map(object => object.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) return `two objects have the id ${describe(twice)}`;
  for (const { id, shape, position, rotation, color } of scene.objects) {
    const wrong = shapeFault(shape);
    if (wrong) return `${id}: shape.${wrong}`;
    if (!isFinite3(position)) return `${id}: position = [${position}], expected three finite numbers`;
    const length = rotation?.length === 4 ? Math.hypot(...rotation) : Number.NaN;
    if (!(Math.abs(length - 1) < 1e-3))
      return `${id}: rotation has length ${length}, expected a unit quaternion`;
    if (typeof color !== 'string') return `${id}: color = ${describe(color)}, expected a CSS string`;
  }
  if (!isFinite3(scene.camera?.target) || !(scene.camera.distance > 0))
    return 'camera: expected a finite target and a positive distance';
  return undefined;
}

/** What is wrong with a shape, in one line after its name. */
function shapeFault(shape: Shape): string | undefined {
  switch (shape?.kind) {
    case 'box':
      return isFinite3(shape.half) && shape.half.every(isSize)
        ? undefined
        : `half = [${shape.half}], expected three finite lengths`;
    case 'sphere':
      return sizeFault(shape, 'radius');
    case 'capsule':
    case 'cylinder':
      return sizeFault(shape, 'radius') ?? sizeFault(shape, 'halfHeight');
    case 'ground':
      return undefined;
    case 'line':
      return shape.points?.length >= 2 && shape.points.every(isFinite3)
        ? undefined
        : 'points: expected at least two, each three finite numbers';
    default:
      return `kind = ${describe((shape as { kind?: unknown } | undefined)?.kind)}, expected a shape that can be drawn`;
  }
}

function sizeFault<K extends string>(shape: Readonly<Record<K, number>>, name: K): string | undefined {
  return isSize(shape[name]) ? undefined : `${name} = ${describe(shape[name])}, expected a finite length`;
}

const isSize = (value: number): boolean => Number.isFinite(value) && value >= 0;

const isFinite3 = (vector: readonly number[] | undefined): boolean =>
  vector?.length === 3 && vector.every(Number.isFinite);
