import type { Analysis } from '../../evaluation/contract.ts';
import type { CompareProgress, CompareSettings, CompareView } from '../../scenarios/compare/index.ts';
import type { Io, Terminal } from '../io.ts';
import { effectText } from './compare-final.ts';
import { bar, count, duration } from './format.ts';
import { Screen } from './screen.ts';
import { cut } from './style.ts';
import { flow, wrap } from './table.ts';

/** ms between two lines where nothing can be redrawn. */
const plainEvery = 5000;
/** ms between two looks at the numbers: an analysis takes its time. */
const analyseEvery = 1000;

/** Shows a comparison as it goes: the estimate with its interval, and how long it will take. */
export class CompareScreen extends Screen implements CompareView {
  readonly #io: Io;
  #now: CompareProgress | undefined;
  #analysis: Analysis | undefined;
  #analysedAt = Number.NEGATIVE_INFINITY;
  #printedAt: number;
  #begun: number;
  /** Trials that were done before this sitting's first one. */
  #before: number | undefined;

  constructor(terminal: Terminal, io: Io) {
    super(terminal, io);
    this.#io = io;
    this.#begun = io.clock.now();
    this.#printedAt = this.#begun;
  }

  started({ arms, design, seed }: CompareSettings, folder: string): void {
    const { bold, dim } = this.style;
    const names = arms.map(({ label }, i) => (i === 0 ? label : `against ${label}`)).join(' ');
    const { stopping, unit } = design;
    const nouns = `${unit}s`;
    const length =
      stopping.rule === 'fixed'
        ? `${count(stopping.units)} ${nouns}, decided at the end`
        : `until settled, at most ${count(stopping.cap)} ${nouns}`;
    const facts = [length, `${design.metric.better} ${design.metric.name} is better`, `seed ${seed}`, folder];
    this.print(['', ...wrap(`  ${bold('compare')}  ${names}`, this.columns, '    ')].join('\n'));
    const [first, ...rest] = facts;
    const lines = flow([`  ${first}`, ...rest].map(dim), dim(' · '), this.columns, '    ');
    this.print([...lines, ...(this.redraws ? [''] : [])].join('\n'));
    this.#begun = this.#io.clock.now();
    this.#printedAt = this.#begun;
    if (!this.redraws) return;
    this.redraw(columns => this.#liveLines(columns), 250);
  }

  progress(now: CompareProgress): void {
    this.#before ??= now.trials;
    this.#now = now;
    const at = this.#io.clock.now();
    if (this.redraws || at - this.#printedAt < plainEvery) return;
    this.#printedAt = at;
    const { done, left } = this.#pace(now, at);
    this.print(`  ${[done, ...left, ...this.#effects(now, at)].join(', ')}`);
  }

  #liveLines(columns: number): string[] {
    const { cyan, dim } = this.style;
    const now = this.#now;
    if (!now) return [dim('  starting …')];
    const at = this.#io.clock.now();
    const { share, done, left } = this.#pace(now, at);
    const { filled, rest } = bar(share, Math.max(1, Math.min(40, columns - 44)));
    const head = `  ${cyan(filled)}${dim(rest)}  ${[done, ...left].join(' · ')}`;
    return [head, ...this.#effects(now, at).map(text => `  ${text}`)].map(line => cut(line, columns - 1));
  }

  #pace({ trials, of, underWay }: CompareProgress, at: number) {
    const finished = trials + underWay - (this.#before ?? 0);
    const seconds = (at - this.#begun) / 1000;
    const left = finished > 0 && seconds > 0 ? ((of - trials - underWay) * seconds) / finished : undefined;
    return {
      share: of > 0 ? Math.min(1, (trials + underWay) / of) : 0,
      done: `${count(trials)} / ${count(of)} trials`,
      left: left === undefined ? [] : [`${duration(left)} left`],
    };
  }

  #effects(now: CompareProgress, at: number): string[] {
    if (at - this.#analysedAt >= analyseEvery) {
      this.#analysis = now.analysis();
      this.#analysedAt = at;
    }
    const { comparisons, design } = this.#analysis ?? now.analysis();
    return comparisons
      .filter(({ difference }) => difference.estimable)
      .map(each => `${each.arm}: ${effectText(each)} so far, in ${design.metric.name}`);
  }
}
