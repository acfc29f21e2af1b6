import type { Clock } from '../../core/clock.ts';
import type { Terminal } from '../io.ts';
import { widthOf } from './style.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/**
 * To the start of a row some rows up, each on the way cleared. Not by "clear to the end of the screen": from the first
 * row, where lines come to stand in a window that was resized, tmux moves what that clears to its scrollback.
 */
const back = (rows: number) => `\r${'\u001b[1A\u001b[2K'.repeat(rows)}`;

/** Lines at the foot of a terminal that are redrawn in place, several times a second, until stopped. */
export class LiveArea {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #render: (columns: number) => readonly string[];
  readonly #every: number;
  #drawn: readonly string[] = [];
  #cancel: (() => void) | undefined;

  /** @param every ms between two drawings */
  constructor(terminal: Terminal, clock: Clock, render: (columns: number) => readonly string[], every = 120) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#render = render;
    this.#every = every;
    this.#terminal.write(hideCursor);
    this.#tick();
  }

  /** Prints a line that stays, above the area. */
  print(line: string): void {
    this.#terminal.write(`${back(this.#rows)}${line}\n`);
    this.#drawn = [];
    this.#draw();
  }

  /** Takes the area off the screen. */
  stop(): void {
    if (!this.#cancel) return;
    this.#cancel();
    this.#cancel = undefined;
    this.#terminal.write(`${back(this.#rows)}${showCursor}`);
  }

  #tick(): void {
    this.#draw();
    this.#cancel = this.#clock.after(this.#every, () => this.#tick());
  }

  get #columns(): number {
    return this.#terminal.columns ?? 80;
  }

  /** What was drawn takes more rows in a terminal that has become narrower since. */
  get #rows(): number {
    const rowsOf = (line: string) => Math.max(1, Math.ceil(widthOf(line) / this.#columns));
    return this.#drawn.reduce((sum, line) => sum + rowsOf(line), 0);
  }

  #draw(): void {
    const lines = this.#render(this.#columns);
    if (lines.length === this.#drawn.length && lines.every((line, i) => line === this.#drawn[i])) return;
    this.#terminal.write(`${back(this.#rows)}${lines.map(line => `${line}\n`).join('')}`);
    this.#drawn = lines;
  }
}
