import type { Summary } from '../../report/summary.ts';
import type { Progress } from '../../scenarios/record.ts';
import type { RunStart, RunView } from '../../scenarios/runner/view.ts';
import type { Io, Terminal } from '../io.ts';
import { duration, figure } from './format.ts';
import { liveLines, plainLine } from './progress-lines.ts';
import { ProgressModel } from './progress-model.ts';
import { Screen } from './screen.ts';
import { flow, wrap } from './table.ts';

/** ms between two lines where nothing can be redrawn. */
const plainEvery = 5000;

/** Shows a run as it goes: redrawn in place on a terminal, a line every few seconds elsewhere. */
export class RunScreen extends Screen implements RunView {
  readonly #io: Io;
  #run: RunStart | undefined;
  #model = new ProgressModel();
  #printedAt = Number.NEGATIVE_INFINITY;
  /** Whether the line of 100 % is printed. */
  #ended = false;

  constructor(terminal: Terminal, io: Io) {
    super(terminal, io);
    this.#io = io;
  }

  started(run: RunStart): void {
    const { bold, dim } = this.style;
    this.#run = run;
    this.#model = new ProgressModel();
    this.#printedAt = this.#io.clock.now();
    this.#ended = false;
    if (run.index === 0) {
      const title = wrap(`  ${bold(run.scenario)}  ${run.summary}`, this.columns, '  ');
      this.print(['', ...title].join('\n'));
    }
    const facts = [
      run.count > 1 ? `seed ${run.seed} (${run.index + 1} of ${run.count})` : `seed ${run.seed}`,
      ...(run.smoke ? ['smoke'] : []),
      ...(run.resumedAt === undefined ? [] : [`resumed at step ${run.resumedAt.toLocaleString('en-US')}`]),
      run.folder,
    ];
    const [first, ...rest] = facts;
    const lines = flow([`  ${first}`, ...rest].map(dim), dim(' · '), this.columns, '    ');
    this.print([...lines, ...(this.redraws ? [''] : [])].join('\n'));
    if (!this.redraws) return;
    const { clock } = this.#io;
    this.redraw(columns => liveLines(this.#model.now(clock.now()), columns, this.style));
  }

  progress(now: Progress): void {
    const at = this.#io.clock.now();
    this.#model.take(now, at);
    const state = this.#model.now(at);
    if (this.redraws || !state || this.#ended) return;
    this.#ended = state.share === 1;
    if (at - this.#printedAt < plainEvery && !this.#ended) return;
    this.#printedAt = at;
    this.print(`  ${plainLine(`${this.#run?.scenario} seed ${this.#run?.seed}`, state)}`);
  }

  /** Checkpoints come often: only the last one matters, and only when the run stops. */
  saved(): void {}

  finished(summary: Summary): void {
    this.stop();
    if ((this.#run?.count ?? 1) === 1) return;
    const { green, red, dim } = this.style;
    const mark = summary.passed ? green('✓') : red('✗');
    const text = `  ${mark} seed ${summary.seed}  ${checksText(summary.checks)}  ${dim(duration(summary.seconds))}`;
    this.print(wrap(text, this.columns, '    ').join('\n'));
  }
}

/** More checks than these are counted, and those that failed are named. */
const mostChecks = 4;

function checksText(checks: Summary['checks']): string {
  const text = ({ name, value, unit }: Summary['checks'][number]) =>
    `${name} ${figure(value)}${unit ? ` ${unit}` : ''}`;
  if (checks.length <= mostChecks) return checks.map(text).join(', ');
  const failed = checks.filter(({ pass }) => !pass);
  const good = `${checks.length - failed.length} of ${checks.length} checks`;
  return failed.length === 0 ? `all ${checks.length} checks` : `${good}, not ${failed.map(text).join(', ')}`;
}
