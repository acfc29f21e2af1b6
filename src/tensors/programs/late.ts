import { asError, usageError } from '../../core/errors.ts';
import type { HostTensor, Tree } from '../contract.ts';
import { checkFilled, dtypeOfHost, hostScalar } from '../host.ts';
import { checkLeaf, type LeafSpec } from '../leaf-spec.ts';
import { NotCompilable } from '../trace/not-compilable.ts';
import type { TracedStep, TreeForm } from '../trace/trace.ts';
import { leavesAlong, mapTree, visitTree } from '../trees.ts';
import type { Feeds } from './contract.ts';
import { outputRanges } from './halves.ts';

/** How a step is cut in two, in names. */
export interface CutNames {
  /** Inputs that are known only later. */
  readonly late: readonly string[];
  /** Outputs that are wanted at once. */
  readonly early: readonly string[];
  /** What a late input looks like, for some early inputs; default: like the early output at its place. */
  readonly like: Readonly<Record<string, ((inputs: Feeds) => Tree<HostTensor | number>) | undefined>>;
}

/** What late inputs look like; of each leaf, which input it is of, and why it looks so. */
export interface LateForm extends TreeForm {
  readonly names: readonly string[];
  readonly why: readonly string[];
}

/**
 * What the late inputs look like. Those that look like an early output are scalars at first, in a recording that finds out
 * what that output looks like: it does not depend on them.
 * @param record records the whole step with late inputs of a form
 */
export function lateFormOf(
  program: string,
  { late, early, like }: CutNames,
  inputs: Feeds,
  record: (late: TreeForm) => TracedStep,
): LateForm {
  const forms = new Map<string, LateForm>();
  const unknown: [name: string, output: string][] = [];
  late.forEach((name, i) => {
    const example = like[name]?.(inputs);
    if (example !== undefined) forms.set(name, formOf(program, name, example));
    else unknown.push([name, early[i]]);
  });
  if (unknown.length > 0) {
    for (const [name] of unknown) forms.set(name, formOf(program, name, 0));
    const traced = probed(program, unknown, () => record(joined(late, forms)));
    for (const [name, output] of unknown) {
      const range = outputRanges(traced.outputs).find(([other]) => other === output);
      if (range === undefined) throw missingOutput(program, traced, output);
      const [, from, to] = range;
      const form = traced.outputs.form[output];
      const paths: string[] = [];
      visitTree(form, (_, path) => paths.push(path), `${program}: late.${name}`);
      const specs = traced.outputs.values
        .slice(from, to)
        .map(({ shape }, i): LeafSpec => ({ path: paths[i], shape, dtype: 'float32' }));
      forms.set(name, ofInput(name, form, specs, `like the output ${output}`));
    }
  }
  return joined(late, forms);
}

function probed(
  program: string,
  unknown: readonly (readonly [name: string, output: string])[],
  record: () => TracedStep,
): TracedStep {
  try {
    return record();
  } catch (error) {
    if (error instanceof NotCompilable) throw error;
    const names = unknown.map(([name]) => name).join(', ');
    const why = asError(error).message.replace(`${program}: `, '');
    throw usageError(
      `${program}: with a scalar for ${names} the step cannot be recorded, so what ${names} looks like has to be said (\`like\`): ${why}`,
      error,
    );
  }
}

export function missingOutput(program: string, { outputs }: TracedStep, name: string): Error {
  const names = Object.keys(outputs.form).join(', ') || 'none';
  return usageError(`${program}: early: expected outputs of the step (${names}), got ${name}`);
}

function formOf(program: string, name: string, example: Tree<HostTensor | number>): LateForm {
  const specs: LeafSpec[] = [];
  visitTree<HostTensor | number>(
    example,
    (leaf, path) => {
      const host = asHost(leaf);
      specs.push({ path, shape: [...host.shape], dtype: dtypeOfHost(host, path) });
    },
    `${program}: late.${name}`,
  );
  return ofInput(
    name,
    mapTree<unknown, number>(example, () => 0),
    specs,
    'as `like` says',
  );
}

const ofInput = (name: string, form: Tree<number>, specs: readonly LeafSpec[], why: string): LateForm => ({
  form: { [name]: form },
  specs,
  names: specs.map(() => name),
  why: specs.map(() => why),
});

function joined(late: readonly string[], forms: ReadonlyMap<string, LateForm>): LateForm {
  const all = late.flatMap(name => forms.get(name) ?? []);
  return {
    form: Object.assign({}, ...all.map(({ form }) => form)) as LateForm['form'],
    specs: all.flatMap(({ specs }) => specs),
    names: all.flatMap(({ names }) => names),
    why: all.flatMap(({ why }) => why),
  };
}

/** The leaves of late inputs, in order, checked. */
export function lateLeaves(
  program: string,
  { form, specs, why }: LateForm,
  late: Feeds,
): readonly HostTensor[] {
  return leavesAlong<HostTensor | number>(form, late, `${program}: late`).map((leaf, i) => {
    const host = asHost(leaf);
    checkLeaf(specs[i], host.shape, dtypeOfHost(host, specs[i].path), why[i]);
    return checkFilled(host, specs[i].path);
  });
}

const asHost = (leaf: HostTensor | number): HostTensor =>
  typeof leaf === 'number' ? hostScalar(leaf) : leaf;
