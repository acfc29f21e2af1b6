import { readFileSync } from 'node:fs';
import { asError, usageError } from '../../core/errors.ts';
import { writeFileWhole } from '../../core/files.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../core/safetensors.ts';
import { type ActionSpace, actionSize, flatSize } from '../../env/spaces.ts';
import type { Spaces } from '../policy.ts';

/** What somebody did, step by step: whole episodes, one after another. N steps, E episodes. */
export interface Recording {
  /** The name of the environment. */
  readonly environment: string;
  readonly spaces: Spaces;
  /** [N × O], raw, before each action */
  readonly observations: Float32Array;
  /** [N × A], as the environment was given them, within its bounds: float32 for boxes, else int32 */
  readonly actions: Float32Array | Int32Array;
  /** [E]: steps of each episode, N in all */
  readonly lengths: Int32Array;
  /** [E]: sum of rewards of each */
  readonly returns: Float32Array;
}

const FORMAT = 'troupe recording 1';

/**
 * Writes a recording as one safetensors file, whole: `observations`, `actions`, `lengths` and `returns`, and as texts `format`,
 * `environment` and `spaces` (JSON). The folder above its own must be there.
 */
export function writeRecording(path: string, recording: Recording): void {
  const { environment, spaces, observations, actions, lengths, returns } = recording;
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const tensors: Record<string, StoredTensor> = {
    observations: { shape: [steps, flatSize(spaces.observation)], data: observations },
    actions: { shape: [steps, actionSize(spaces.action)], data: actions },
    lengths: { shape: [lengths.length], data: lengths },
    returns: { shape: [lengths.length], data: returns },
  };
  const about = { format: FORMAT, environment, spaces: JSON.stringify(spaces) };
  writeFileWhole(path, encodeSafetensors(tensors, about));
}

/**
 * Reads what `writeRecording` wrote.
 * @throws a usage error, in one line, where the file is not there, not whole, or no recording
 */
export function readRecording(path: string): Recording {
  const { tensors, metadata } = decodeSafetensors(read(path), path);
  if (metadata['format'] !== FORMAT) {
    throw usageError(`${path}: format = ${metadata['format'] ?? 'none'}: expected ${FORMAT}`);
  }
  const spaces = spacesOf(metadata['spaces'], path);
  const floats = (name: string) => columnOf(tensors[name], Float32Array, `${path}: ${name}`);
  const integers = (name: string) => columnOf(tensors[name], Int32Array, `${path}: ${name}`);
  const lengths = integers('lengths');
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const recording = {
    environment: metadata['environment'],
    spaces,
    observations: floats('observations'),
    actions: spaces.action.kind === 'box' ? floats('actions') : integers('actions'),
    lengths,
    returns: floats('returns'),
  };
  const { observations, actions, returns } = recording;
  if (returns.length !== lengths.length || lengths.some(length => length < 1)) {
    throw usageError(
      `${path}: lengths: expected those of ${returns.length} episodes, at least 1 each, got ${lengths.join(', ')}`,
    );
  }
  if (
    observations.length !== steps * flatSize(spaces.observation) ||
    actions.length !== steps * actionSize(spaces.action)
  ) {
    throw usageError(
      `${path}: expected ${steps} observations and actions, as its episodes’ lengths say, got ${tensors['observations'].shape[0]} and ${tensors['actions'].shape[0]}`,
    );
  }
  for (const [name, column] of Object.entries({ observations, actions })) {
    const broken = column.find(value => !Number.isFinite(value));
    if (broken !== undefined) throw usageError(`${path}: ${name}: ${broken}: expected finite numbers`);
  }
  const [choices, size] = [choicesOf(spaces.action), actionSize(spaces.action)];
  const none = choices && actions.findIndex((choice, i) => choice < 0 || choice >= choices[i % size]);
  if (choices && none !== undefined && none >= 0) {
    throw usageError(
      `${path}: actions: ${actions[none]}: expected a choice, 0 to ${choices[none % size] - 1}`,
    );
  }
  return recording;
}

function spacesOf(text: string | undefined, path: string): Spaces {
  try {
    return JSON.parse(text ?? '') as Spaces;
  } catch (error) {
    throw usageError(`${path}: spaces = ${text ?? 'none'}: expected JSON`, error);
  }
}

/** How many choices each number of an action has; `undefined` where it is no choice. */
function choicesOf(space: ActionSpace): readonly number[] | undefined {
  if (space.kind === 'box') return undefined;
  return space.kind === 'discrete' ? [space.n] : space.sizes;
}

function columnOf<T extends Float32Array | Int32Array>(
  tensor: StoredTensor | undefined,
  type: new (...of: never[]) => T,
  where: string,
): T {
  if (tensor?.data instanceof type) return tensor.data;
  throw usageError(`${where}: expected ${type === (Float32Array as unknown) ? 'float32' : 'int32'} numbers`);
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw usageError(`${path}: ${asError(error).message}`, error);
  }
}
