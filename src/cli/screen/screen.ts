import type { Io, Terminal } from '../io.ts';
import { LiveArea } from './live.ts';
import { type Style, styleFor } from './style.ts';
import { wrap } from './table.ts';

/** What long work shows: lines that stay and, on a terminal, lines below them that are redrawn in place. */
export class Screen {
  readonly style: Style;
  /** Whether lines are redrawn in place, so that whatever else comes to the terminal would tear them. */
  readonly redraws: boolean;
  readonly #terminal: Terminal;
  readonly #io: Io;
  #live: LiveArea | undefined;
  /** The start of a line whose end has not come yet. */
  #rest = '';

  constructor(terminal: Terminal, io: Io) {
    this.#terminal = terminal;
    this.#io = io;
    this.style = styleFor(terminal, io);
    this.redraws = terminal.isTTY === true && io.env['TERM'] !== 'dumb';
  }

  /** The terminal's width; `undefined` where there is no terminal. */
  get columns(): number | undefined {
    return this.#terminal.columns;
  }

  warning(message: string): void {
    this.say(`${this.style.yellow('!')} ${message}`);
  }

  /** A line that stays, above what is redrawn. */
  print(line: string): void {
    if (this.#live) this.#live.print(line);
    else this.#terminal.write(`${line}\n`);
  }

  /** A sentence of ours, broken between its words where the terminal is narrower. */
  say(text: string): void {
    this.print(wrap(`  ${text}`, this.columns, '  ').join('\n'));
  }

  /** Text that others print, in whatever pieces it comes: lines that stay. */
  write(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() as string;
    for (const line of lines) this.print(line);
  }

  /** Takes what is redrawn off the screen; the lines printed stay. */
  stop(): void {
    if (this.#rest !== '') this.write('\n');
    this.#live?.stop();
    this.#live = undefined;
  }

  /** Redraws lines in place from now on, until `stop`. @param every ms between two drawings */
  protected redraw(render: (columns: number) => readonly string[], every?: number): void {
    this.#live = new LiveArea(this.#terminal, this.#io.clock, render, every);
  }
}

/**
 * Lets the user stop what a screen shows: the first Ctrl-C aborts the signal, the second quits. What others print
 * meanwhile stands above what is redrawn.
 * @param stopping said at the first Ctrl-C, e.g. `Stopping at the next barrier, to save there.`
 */
export function attend(
  screen: Screen,
  io: Io,
  stopping: string,
): { readonly signal: AbortSignal; release(): void } {
  const asked = new AbortController();
  const release = io.onInterrupt(() => {
    if (asked.signal.aborted) {
      screen.stop();
      io.quit(130);
      return;
    }
    asked.abort();
    screen.say(`${stopping} Press Ctrl-C again to quit at once.`);
  });
  const unprint = io.onPrint((text, stream) => {
    if (stream === 'stdout' || screen.redraws) screen.write(text);
    else io.stderr.write(text);
  });
  return {
    signal: asked.signal,
    release() {
      release();
      unprint();
    },
  };
}
