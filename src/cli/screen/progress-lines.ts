import { bar, count, duration, figure, pace, sparkline } from './format.ts';
import type { ProgressNow } from './progress-model.ts';
import { cut, type Style, widthOf } from './style.ts';

/** Columns that a bar or a curve needs to say something. */
const least = 10;

/** The two lines that are redrawn in place, without what there is no room for. @param columns the terminal's width */
export function liveLines(now: ProgressNow | undefined, columns: number, style: Style): string[] {
  if (!now) return [style.dim('  starting …')];
  const percent = ` ${String(Math.floor(now.share * 100)).padStart(3)} %`;
  const step = `   ${count(now.step)}`;
  const room = columns - 3 - percent.length;
  const steps = [`${step} / ${count(now.steps)} steps`, `${step} steps`].find(
    text => text.length + least <= room,
  );
  const { filled, rest } = bar(now.share, Math.max(1, Math.min(40, room - (steps?.length ?? 0))));
  const head = `  ${style.cyan(filled)}${style.dim(rest)}${percent}${steps ?? ''}`;

  const facts = paceOf(now);
  if (now.return !== undefined) facts.push(`return ${style.bold(figure(now.return))}`);
  const textOf = () => `  ${facts.join(style.dim(' · '))}`;
  while (facts.length > 1 && widthOf(textOf()) >= columns) facts.shift();
  const text = textOf();
  const left = Math.min(40, columns - widthOf(text) - 4);
  const curve = left < least ? '' : sparkline(now.returns, left);
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
  ...(stepsPerSecond === undefined ? [] : [pace(stepsPerSecond)]),
  ...(left === undefined ? [] : [`${duration(left)} left`]),
];
