import { existsSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { usageError } from '../../core/errors.ts';
import { makeFolder, writeFileWhole } from '../../core/files.ts';
import { readSingleRun } from '../../scenarios/runner/folder.ts';
import { didYouMean } from '../../scenarios/runner/nearest.ts';
import { UnknownOperation } from '../../tensors/module/unknown.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../screen/style.ts';

export interface ExportCommandOptions {
  readonly to?: string;
  readonly out?: string;
  readonly sample?: boolean;
  readonly json?: boolean;
}

const extensions = { onnx: ['.onnx'], module: ['.js', '.mjs'] } as const;
type Form = keyof typeof extensions;
const forms = Object.keys(extensions) as Form[];

/** `troupe export <run>`: a run's policy for elsewhere. */
export async function exportPolicy(folder: string, options: ExportCommandOptions, io: Io): Promise<number> {
  const form = formOf(options);
  const info = readSingleRun(folder);
  if (!existsSync(join(folder, 'policy', 'policy.json'))) {
    throw usageError(`${folder}: this run has not saved a policy yet, expected a finished run`);
  }
  const file = options.out ?? `${info.scenario}${extensions[form][0]}`;
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw usageError(
      `--out ${file}: is a folder, expected a file, e.g. ${join(file, info.scenario)}${extensions[form][0]}`,
    );
  }
  const { checkRun, runModule, runOnnx } = await import('../../scenarios/export-policy.ts');
  const drawn = { sample: options.sample ?? false };
  const onnx = await runOnnx(folder, info, drawn);
  const written: { file: string; bytes: number }[] = [];
  const write = (path: string, data: string | Uint8Array) => {
    makeFolder(dirname(path));
    writeFileWhole(path, data);
    written.push({ file: path, bytes: Buffer.byteLength(data) });
  };
  // What is wrong is not left behind.
  let check: Awaited<ReturnType<typeof checkRun>>;
  if (form === 'onnx') {
    check = await checkRun(folder, onnx, drawn);
    write(file, onnx.bytes);
  } else {
    const { code, types } = await runModule(folder, info, drawn).catch(withWayOut);
    check = await checkRun(folder, onnx, drawn);
    write(file, code);
    write(file.replace(/js$/, 'd.ts').replace(/\.md\.ts$/, '.d.mts'), types);
  }
  const out = options.json ? io.stderr : io.stdout;
  const { bold, dim } = styleFor(out, io);
  const step = Number(onnx.metadata['steps_learnt_from']).toLocaleString('en-US');
  out.write(`\n  ${bold(info.scenario)} ${dim(`· seed ${info.seed} · ${step} steps · ${folder}`)}\n\n`);
  for (const { file, bytes } of written) {
    out.write(
      `  wrote ${relative(process.cwd(), file) || file}  ${dim(`${(bytes / 1000).toFixed(1)} kB`)}\n`,
    );
  }
  if ('notChecked' in check) out.write(`  ${dim(`not checked: ${check.notChecked}`)}\n`);
  else {
    const ways = `${check.observations} observations, ${check.ways.join(', ')}`;
    out.write(`  ${dim(`checked: ${ways}; differences to ${check.difference.toExponential(0)}`)}\n`);
  }
  if (form === 'onnx') {
    const inputs = drawn.sample ? 'observations and noise' : 'observations';
    const rows = onnx.oneRow === undefined ? 'any number of rows' : `one row at a time, since ${onnx.oneRow}`;
    out.write(`  ${dim(`${inputs} in, raw, ${rows}; actions out: ${onnx.metadata['actions']}`)}\n`);
  } else out.write(`  ${dim(`act(observation): raw in; out: ${onnx.metadata['actions']}`)}\n`);
  out.write('\n');
  if (options.json) {
    const { metadata, oneRow } = onnx;
    io.stdout.write(`${JSON.stringify({ to: form, written, oneRow, metadata, check })}\n`);
  }
  return 0;
}

/** What a module cannot hold, a file for onnxruntime can. */
function withWayOut(error: unknown): never {
  if (!(error instanceof UnknownOperation)) throw error;
  throw usageError(`--to module: ${error.message}, expected --to onnx for this policy`, error);
}

/** What was asked for; where only a file was, what its name says. */
function formOf({ to, out }: ExportCommandOptions): Form {
  const extension = out === undefined ? undefined : extname(out);
  const named = forms.find(form => (extensions[form] as readonly string[]).includes(extension ?? ''));
  if (to === undefined && out === undefined) return 'onnx';
  if (to !== undefined && !(forms as readonly string[]).includes(to)) {
    throw usageError(
      `--to ${to}: no such form${didYouMean(to, forms) || `; expected ${forms.join(' or ')}`}`,
    );
  }
  const form = (to as Form | undefined) ?? named;
  if (form !== undefined && (out === undefined || form === named)) return form;
  const expected = form === undefined ? forms.flatMap(each => extensions[each]) : extensions[form];
  throw usageError(`--out ${out}: expected a file name that ends in ${expected.join(' or ')}`);
}
