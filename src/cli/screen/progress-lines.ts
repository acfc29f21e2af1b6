import { bar, count, duration, figure, sparkline } from './format.ts';
import type { ProgressNow } from './progress-model.ts';
import { cut, type Style, widthOf } from './style.ts';

/** The two lines that are redrawn in place. @param columns the terminal's width */
export function liveLines(now: ProgressNow | undefined, columns: number, style: Style): string[] {
  if (!now) return [style.dim('  starting …')];
  const percent = `${String(Math.floor(now.share * 100)).padStart(3)} %`;
  const steps = `${count(now.step)} / ${count(now.steps)} steps`;
  const length = Math.max(10, Math.min(40, columns - percent.length - steps.length - 8));
  const { filled, rest } = bar(now.share, length);
  const head = `  ${style.cyan(filled)}${style.dim(rest)} ${percent}   ${steps}`;
  const facts = paceOf(now);
  if (now.return !== undefined) facts.push(`return ${style.bold(figure(now.return))}`);
  const text = `  ${facts.join(style.dim(' · '))}`;
  const curve = sparkline(now.returns, Math.min(40, columns - widthOf(text) - 4));
  const lines = [head, curve.length > 1 ? `${text}  ${style.green(curve)}` : text];
  return lines.map(line => cut(line, columns - 1));
}

/** One line for where nothing can be redrawn: a log, a pipe. @param name e.g. `hopper seed 1` */
export function plainLine(name: string, now: ProgressNow): string {
  const facts = [`${Math.floor(now.share * 100)} %`, `${count(now.step)} steps`, ...paceOf(now)];
  if (now.return !== undefined) facts.push(`return ${figure(now.return)}`);
  return `${name}: ${facts.join(', ')}`;
}

const paceOf = ({ stepsPerSecond, left }: ProgressNow): string[] => [
  ...(stepsPerSecond === undefined ? [] : [`${count(stepsPerSecond)} steps/s`]),
  ...(left === undefined ? [] : [`${duration(left)} left`]),
];
