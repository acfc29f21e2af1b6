import type { Io, Terminal } from '../../src/cli/io.ts';
import { ManualClock } from '../../src/core/clock.ts';

/** A terminal that keeps what it was sent. */
export class Paper implements Terminal {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;
  constructor(isTTY = false, columns = 100) {
    this.isTTY = isTTY;
    this.columns = columns;
  }
  write(text: string): void {
    this.text += text;
  }
  get lines(): string[] {
    return this.text.split('\n').filter(line => line.trim() !== '');
  }
}

/** The world around a command, for a test. */
export class TestIo implements Io {
  readonly stdout: Paper;
  readonly stderr: Paper;
  readonly env: Record<string, string>;
  readonly clock = new ManualClock();
  readonly quits: number[] = [];
  #interrupts: (() => void)[] = [];

  constructor({ isTTY = false, columns = 100, env = {} as Record<string, string> } = {}) {
    this.stdout = new Paper(isTTY, columns);
    this.stderr = new Paper(isTTY, columns);
    this.env = env;
  }
  onInterrupt(handler: () => void): () => void {
    this.#interrupts.push(handler);
    return () => {
      this.#interrupts = this.#interrupts.filter(other => other !== handler);
    };
  }
  /** Ctrl-C. @returns how many listened */
  interrupt(): number {
    for (const handler of this.#interrupts) handler();
    return this.#interrupts.length;
  }
  #printers: ((text: string, stream: 'stdout' | 'stderr') => void)[] = [];
  onPrint(handler: (text: string, stream: 'stdout' | 'stderr') => void): () => void {
    this.#printers.push(handler);
    return () => void this.#printers.pop();
  }
  /** What a scenario or an actor prints. */
  print(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.#printers.at(-1)?.(text, stream);
  }
  quit(code: number): void {
    this.quits.push(code);
  }
  /** The real one takes half a second. */
  probe = async () => ({ matmul_512_ms: 1.5, packed_robot_us: 9 });
}

/** What a terminal shows after it was sent a text: the few control sequences that we send, carried out. */
export function screenOf(text: string): string[] {
  const lines = [''];
  let row = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
  for (const [piece] of text.matchAll(/\u001b\[\??\d*[A-Za-z]|\n|\r|[^\u001b\n\r]+/g)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
    const up = /^\u001b\[(\d+)A$/.exec(piece);
    if (up) row -= Number(up[1]);
    else if (piece === '\u001b[2K') lines[row] = '';
    else if (piece === '\n') {
      row++;
      lines[row] ??= '';
    } else if (piece !== '\r' && !piece.startsWith('\u001b')) lines[row] += piece;
  }
  return lines.filter((line, i) => i <= row || line !== '');
}
