import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { asError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { type HostTensor, hostScalar, visitTree } from '../../tensors/index.ts';
import type { Inputs, StudyCase, Trees } from '../cases/contract.ts';
import { scanOf } from '../cases/scan.ts';
import { Child } from './child.ts';

/** Another project that runs the cases, in a process of its own. */
export interface RivalKind {
  readonly name: string;
  readonly command: string;
  /** Its program in `bench/`, a module or a script. */
  readonly file: string;
  readonly variants: readonly Variant[];
}

/** One way of running cases. */
export interface Variant {
  /** Empty where there is one only. */
  readonly name: string;
  /** Where it differs from the others only in learning, there is nothing to see in acting. */
  readonly learningOnly?: boolean;
}

const folder = fileURLToPath(new URL('../../../bench/', import.meta.url));

/** The stock baseline and PyTorch. @param python the interpreter that has it; default `$PYTHON`, or else `python3` */
export const rivalKinds = (python = process.env['PYTHON'] ?? 'python3'): readonly RivalKind[] => [
  { name: 'stock tfjs', command: process.execPath, file: 'stock/child.mjs', variants: [{ name: '' }] },
  {
    name: 'PyTorch',
    command: python,
    file: 'peers/torch_cases.py',
    variants: [{ name: 'eager' }, { name: 'fused Adam', learningOnly: true }, { name: 'torch.compile' }],
  },
];

const greeting = z.union([
  z.object({ skip: z.string() }),
  z.object({ name: z.string(), version: z.string() }),
]);
const turn = z.object({ ms: z.number(), watched: z.union([z.number(), z.array(z.number())]) });
const opened = z.object({ id: z.number() });

/** A case that a rival has ready. */
export interface Opened {
  /** All `steps`, in milliseconds, and what the last of them gave: the loss, or the actions. */
  run(steps: number): Promise<z.output<typeof turn>>;
  close(): Promise<void>;
}

/** A rival that has started. */
export class Rival {
  readonly name: string;
  readonly version: string;
  readonly #variants: readonly Variant[];
  readonly #child: Child;

  private constructor(
    child: Child,
    { name, version }: { name: string; version: string },
    variants: readonly Variant[],
  ) {
    this.#child = child;
    this.name = name;
    this.version = version;
    this.#variants = variants;
  }

  /** Starts one. @returns it, or in a line why this machine has none */
  static async start({
    name,
    command,
    file,
    variants,
  }: RivalKind): Promise<Rival | { readonly skipped: string }> {
    // The package leaves the folder out.
    if (!existsSync(`${folder}${file}`))
      return { skipped: `${name}: ${file} is in Troupe's repository only` };
    const child = new Child(name, command, [`${folder}${file}`], oneThread());
    try {
      const first = greeting.parse(await child.first());
      if (!('skip' in first)) return new Rival(child, first, variants);
      child.stop();
      return { skipped: `${name}: ${first.skip}` };
    } catch (error) {
      child.stop();
      const { code } = asError(error) as Error & { code?: unknown };
      if (code === 'ENOENT') return { skipped: `${name}: there is no ${command} (say which by PYTHON=…)` };
      throw error;
    }
  }

  /** The names of the variants that a case is measured with. */
  variantsFor({ watched }: StudyCase): string[] {
    return this.#variants
      .filter(({ learningOnly = false }) => !learningOnly || watched === 'loss')
      .map(({ name }) => name);
  }

  /** Has a case made ready with this state and these inputs. @throws where the rival cannot run it, with its reason */
  async open(
    one: StudyCase,
    state: Trees<HostTensor>,
    inputs: Inputs,
    { variant = '', random, device }: { variant?: string; random: Random; device?: string },
  ): Promise<Opened> {
    const params = Object.fromEntries(Object.entries(state).filter(([key]) => !key.startsWith('optimizer')));
    const open = {
      program: one.program,
      watched: one.watched,
      variant,
      device,
      state: encodedLeaves(params),
      inputs: encodedLeaves(inputs),
      scan: one.scan && { ...one.scan, indices: encodedIndices(scanOf(one, inputs, random).indices) },
    };
    const { id } = opened.parse(await this.#child.ask({ open }));
    return {
      run: async steps => turn.parse(await this.#child.ask({ run: { id, steps } })),
      close: async () => void (await this.#child.ask({ close: { id } })),
    };
  }

  stop(): void {
    this.#child.stop();
  }
}

/** Libraries that read these make no threads of their own. */
const oneThread = (): NodeJS.ProcessEnv => ({ ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' });

function encodedLeaves(tree: Trees<HostTensor> | Inputs) {
  const leaves: ReturnType<typeof encoded>[] = [];
  visitTree<HostTensor | number>(tree, (leaf, path) => {
    leaves.push(encoded(path, typeof leaf === 'number' ? hostScalar(leaf) : leaf));
  });
  return leaves;
}

const encodedIndices = (indices: Int32Array) =>
  encoded('indices', { shape: [indices.length], data: indices });

function encoded(name: string, { shape, data }: HostTensor) {
  const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool';
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { name, shape, dtype, data: bytes.toString('base64') };
}
