import { z } from 'zod';
import { usageError } from '../../core/errors.ts';

/** Parameters as text, for options of environments: base64 of little-endian float32. */
export const packParameters = (parameters: Float32Array): string =>
  Buffer.from(parameters.buffer, parameters.byteOffset, parameters.byteLength).toString('base64');

/** The parameters that `packParameters` gave. @throws a usage error where they are another number of them */
export function unpackParameters(packed: string, size: number, name: string): Float32Array {
  const bytes = Buffer.from(packed, 'base64');
  if (bytes.length !== 4 * size)
    throw usageError(`${name}: ${bytes.length / 4} parameters, expected ${size}`);
  const parameters = new Float32Array(size);
  new Uint8Array(parameters.buffer).set(bytes);
  return parameters;
}

/** Several sets of parameters, packed. */
export const packedParameters = z.array(z.base64()).min(1);
