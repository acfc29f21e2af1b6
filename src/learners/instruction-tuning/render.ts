import { usageError } from '../../core/errors.ts';
import type { RawExample, Template } from './contract.ts';

/** A slot of a template: `{field}`. */
export const slots = /\{(\w+)\}/g;

/** Options as the paper's code lists them. */
export const optionsText = (options: readonly string[]): string =>
  ['OPTIONS:', ...options.map(option => `- ${option}`)].join('\n');

/**
 * Puts fields into the slots of a text.
 * @throws a usage error that names the template and the field it misses
 */
export function fill(text: string, fields: Readonly<Record<string, string>>): string {
  return text.replace(slots, (_, field: string) => {
    if (Object.hasOwn(fields, field)) return fields[field];
    throw usageError(
      `template ${JSON.stringify(text)}: {${field}}: expected one of the fields ${Object.keys(fields).join(', ')}`,
    );
  });
}

/** An example under a template. @param options in the order in which they are to be listed. Default: the example's own */
export function render(
  { input, target }: Pick<Template, 'input' | 'target'>,
  { fields, answer, ...example }: RawExample,
  options = example.options,
): { readonly input: string; readonly target: string } {
  const all = { ...fields, answer, ...(options && { options_: optionsText(options) }) };
  return { input: fill(input, all), target: fill(target, all) };
}
