import type { Clock } from '../../core/clock.ts';
import type { Terminal } from '../io.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** To the start of a line some lines up, and everything from there on cleared. */
const back = (lines: number) => `${lines > 0 ? `\u001b[${lines}A` : ''}\r\u001b[J`;

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
    this.#terminal.write(`${back(this.#drawn.length)}${line}\n`);
    this.#drawn = [];
    this.#draw();
  }

  /** Takes the area off the screen. */
  stop(): void {
    if (!this.#cancel) return;
    this.#cancel();
    this.#cancel = undefined;
    this.#terminal.write(`${back(this.#drawn.length)}${showCursor}`);
  }

  #tick(): void {
    this.#draw();
    this.#cancel = this.#clock.after(this.#every, () => this.#tick());
  }

  #draw(): void {
    const lines = this.#render(this.#terminal.columns ?? 80);
    if (lines.length === this.#drawn.length && lines.every((line, i) => line === this.#drawn[i])) return;
    this.#terminal.write(`${back(this.#drawn.length)}${lines.map(line => `${line}\n`).join('')}`);
    this.#drawn = lines;
  }
}
