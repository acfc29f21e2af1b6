import { join } from 'node:path';
import { checkExport } from '../actors/export/check.ts';
import { type ModulePolicy, policyModule } from '../actors/export/module.ts';
import { type OnnxPolicy, policyOnnx } from '../actors/export/onnx.ts';
import type { ExportOptions } from '../actors/export/policy-graph.ts';
import { readPolicy } from '../actors/policy-files.ts';
import { oneLine } from '../core/errors.ts';
import { writeFileWhole } from '../core/files.ts';
import type { RunInfo } from './runner/folder.ts';
import { troupeVersion } from './runner/machine.ts';

/** What of a run its exported policy tells. */
export type RunFacts = Pick<RunInfo, 'scenario' | 'seed'>;

/** The policy of a run as an ONNX file. @param folder the run's */
export async function runOnnx(folder: string, run: RunFacts, options?: ExportOptions): Promise<OnnxPolicy> {
  const stored = await readPolicy(join(folder, 'policy'));
  return policyOnnx(stored, options, factsOf(run, stored));
}

/** The policy of a run as an ES module. @param folder the run's */
export async function runModule(
  folder: string,
  run: RunFacts,
  options?: ExportOptions,
): Promise<ModulePolicy> {
  const stored = await readPolicy(join(folder, 'policy'));
  return policyModule(stored, options, factsOf(run, stored));
}

/** Whether an exported policy acts as it should; see `checkExport`. @param folder the run's */
export async function checkRun(
  folder: string,
  onnx: OnnxPolicy,
  options?: ExportOptions,
): ReturnType<typeof checkExport> {
  return checkExport(onnx, await readPolicy(join(folder, 'policy')), options);
}

/**
 * Writes `policy/policy.onnx` at the end of a run. Where the policy cannot be compiled, the run is as good without it.
 * @throws where the disk refuses, as for all files of a run: it can be resumed
 */
export async function keepOnnx(
  folder: string,
  run: RunFacts,
  warn: (message: string) => void,
): Promise<void> {
  let onnx: OnnxPolicy;
  try {
    onnx = await runOnnx(folder, run);
  } catch (error) {
    warn(`policy/policy.onnx was not written: ${oneLine(error)}`);
    return;
  }
  writeFileWhole(join(folder, 'policy', 'policy.onnx'), onnx.bytes);
}

const factsOf = (
  { scenario, seed }: RunFacts,
  stored: { readonly step: number; readonly environment: { readonly name: string } },
): Record<string, string> => ({
  troupe_version: troupeVersion(),
  scenario,
  seed: String(seed),
  environment: stored.environment.name,
  steps_learnt_from: String(stored.step),
});
