import { inspect, isDeepStrictEqual } from 'node:util';
import { barText } from '../../report/html.ts';
import type { Scenario } from '../../scenarios/contract.ts';
import { asJson, optionFields, optionGroups } from '../../scenarios/runner/schema.ts';
import type { Style } from './style.ts';
import { table, wrap } from './table.ts';

/** What `--set` can change in a scenario, and what its checks hold it to. @param columns the terminal's width */
export function optionLines(
  scenario: Scenario,
  { bold, dim, cyan }: Style,
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const indented = (rows: readonly (readonly string[])[]) =>
    table(rows, '', columns - 2).map(line => `  ${line}`);
  const rows = optionFields(scenario.options).map(field => [
    cyan(field.path),
    shown(field.value),
    dim(field.takes),
    field.description,
  ]);
  const checks = scenario.checks.map(({ name, atLeast, atMost, unit = '' }) => [
    name,
    ...(atLeast === undefined ? [] : [`≥ ${barText(atLeast)} ${unit}`]),
    ...(atMost === undefined ? [] : [`≤ ${barText(atMost)} ${unit}`]),
  ]);
  const notes = optionGroups(scenario.options).map(({ path, description }) =>
    wrap(`${cyan(path)}  ${description}`, columns),
  );
  return [
    '',
    ...wrap(`${bold(scenario.name)}  ${scenario.summary}`, columns),
    '',
    `Options, for --set (name, default, what it takes):`,
    ...indented(rows),
    ...notes.flatMap(lines => ['', ...lines]),
    ...(checks.length === 0 ? [] : ['', 'Checks:', ...indented(checks)]),
  ];
}

/** A default, which `play` may get as anything. */
const shown = (value: unknown): string =>
  isDeepStrictEqual(asJson(value), value) ? (JSON.stringify(value) ?? '') : inspect(value);
