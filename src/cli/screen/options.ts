import type { Scenario } from '../../scenarios/contract.ts';
import { optionFields } from '../../scenarios/runner/schema.ts';
import { figure, table } from './format.ts';
import { type Style, widthOf } from './style.ts';

/** What `--set` can change in a scenario, and what its checks hold it to. */
export function optionLines(scenario: Scenario, { bold, dim, cyan }: Style): string[] {
  const rows = optionFields(scenario.options).map(field => [
    cyan(field.path),
    field.value === undefined ? '' : JSON.stringify(field.value),
    dim(field.takes),
    field.description,
  ]);
  const checks = scenario.checks.map(({ name, atLeast, atMost, unit = '' }) => [
    name,
    ...(atLeast === undefined ? [] : [`≥ ${figure(atLeast)} ${unit}`]),
    ...(atMost === undefined ? [] : [`≤ ${figure(atMost)} ${unit}`]),
  ]);
  return [
    '',
    `${bold(scenario.name)}  ${scenario.summary}`,
    '',
    `Options, for --set (name, default, what it takes):`,
    ...table(rows, widthOf).map(line => `  ${line}`),
    ...(checks.length === 0 ? [] : ['', 'Checks:', ...table(checks, widthOf).map(line => `  ${line}`)]),
  ];
}
