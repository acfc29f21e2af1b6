import type { Snapshot } from '../../core/snapshot.ts';
import { describe } from '../flatten.ts';

/** Why a value is not plain data, in one line. */
export function plainFault(value: Snapshot, at = 'snapshot'): string | undefined {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  if (ArrayBuffer.isView(value)) {
    const type = Object.prototype.toString.call(value).slice(8, -1);
    const known = ['Float32Array', 'Float64Array', 'Int32Array', 'Uint32Array', 'Uint8Array'];
    return known.includes(type) ? undefined : `${at} is a ${type}, expected one of ${known.join(', ')}`;
  }
  const prototype = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  if (!isPlain) return `${at} = ${describe(value)}, expected plain data`;
  return Object.entries(value)
    .map(([name, part]) => plainFault(part as Snapshot, `${at}.${name}`))
    .find(fault => fault !== undefined);
}
