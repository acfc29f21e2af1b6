import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { asError, parseOrThrow, usageError } from '../core/errors.ts';
import { readJson, writeFileWhole } from '../core/files.ts';
import { Random } from '../core/random.ts';
import { decodeSafetensors, encodeSafetensors } from '../core/safetensors.ts';
import type { EnvironmentRef } from '../env/contract.ts';
import { type HostTensor, type Tree, treeLayout, unflattenTree, visitTree } from '../tensors/index.ts';
import { environmentRefSchema } from './environment-ref.ts';
import type { Statistics } from './learner.ts';
import { loadPolicy, type PolicyRef, policyRefSchema } from './policy.ts';

/** A policy at rest: what it is, what it was made for, and its parameters end to end. */
export interface StoredPolicy {
  readonly policy: PolicyRef;
  readonly environment: EnvironmentRef;
  readonly parameters: Float32Array;
  /** Environment steps that it has learnt from. */
  readonly step: number;
  /** What learning goes on with from it, where another run starts there (`--init`). Default: nothing. */
  readonly statistics?: Statistics;
}

const description = z.object({
  format: z.literal('troupe policy 1'),
  step: z.number(),
  policy: policyRefSchema,
  environment: environmentRefSchema,
  // Policies that were saved before there were any have none.
  statistics: z.record(z.string(), z.number()).default({}),
});

/** Writes `policy.json` and `policy.safetensors`, whose tensors carry the names of the parameter tree. */
export async function writePolicy(folder: string, stored: StoredPolicy): Promise<void> {
  const tree = unflattenTree(stored.parameters, await layoutOf(stored.policy));
  const tensors: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
  visitTree<HostTensor>(tree, ({ shape, data }, path) => {
    tensors[path] = { shape, data: data as Float32Array };
  });
  writeFileWhole(join(folder, 'policy.safetensors'), encodeSafetensors(tensors));
  const { step, policy, environment, statistics = {} } = stored;
  const text = {
    format: 'troupe policy 1',
    step,
    policy: { ...policy, module: portable(policy.module) },
    environment: { ...environment, module: portable(environment.module) },
    statistics,
  };
  writeFileWhole(join(folder, 'policy.json'), `${JSON.stringify(text, null, 2)}\n`);
}

/**
 * Reads what `writePolicy` wrote, e.g. from the `policy/` of a run.
 * @throws a usage error, in one line, where the folder holds no policy or another kind of one
 */
export async function readPolicy(folder: string): Promise<Required<StoredPolicy>> {
  const where = join(folder, 'policy.json');
  const json = readJson(where);
  if (json === undefined) throw usageError(`${where}: no such file, expected a saved policy`);
  const { step, policy, environment, statistics } = parseOrThrow(description, json, where);
  const ref = { ...policy, module: local(policy.module) };
  const weights = join(folder, 'policy.safetensors');
  const { tensors } = decodeSafetensors(read(weights), weights);
  const layout = await layoutOf(ref);
  const parameters = new Float32Array(layout.size);
  for (const { path, offset, size, shape } of layout.leaves) {
    const tensor = tensors[path];
    if (!(tensor?.data instanceof Float32Array) || tensor.data.length !== size) {
      throw usageError(
        `${weights}: ${path}: expected float32 [${shape.join(', ')}], as the policy's config says`,
      );
    }
    parameters.set(tensor.data, offset);
  }
  return {
    policy: ref,
    environment: { ...environment, module: local(environment.module) },
    parameters,
    step,
    statistics,
  };
}

async function layoutOf(ref: PolicyRef) {
  const policy = await loadPolicy(ref);
  return treeLayout(policy.init(Random.fromSeed(0)) as Tree<HostTensor>);
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw usageError(`${path}: ${asError(error).message}`, error);
  }
}

// Modules of this package are written down relative to it, so that a run can be read on another machine, and by a
// build as well as from the sources.
const root = new URL('..', import.meta.url).href;
const extension = /\.[a-z]+$/.exec(import.meta.url)?.[0] ?? '';

const portable = (module: string): string =>
  module.startsWith(root) ? `troupe:${module.slice(root.length).replace(/\.[a-z]+$/, '')}` : module;
const local = (module: string): string =>
  module.startsWith('troupe:') ? `${root}${module.slice('troupe:'.length)}${extension}` : module;
