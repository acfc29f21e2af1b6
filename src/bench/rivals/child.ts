import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { asError, TroupeError } from '../../core/errors.ts';

/** How long a child may think about one question, ms: `torch.compile` takes minutes on a slow machine. */
const DEADLINE = 600_000;

/**
 * A program in a process of its own that answers lines of JSON with lines of JSON. It waits for its next question
 * without taking time, so that several can take turns on one core.
 */
export class Child {
  readonly #name: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #answers: string[] = [];
  #complaints = '';
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#name = name;
    this.#process = spawn(command, args, { env });
    this.#lines = createInterface({ input: this.#process.stdout });
    this.#lines.on('line', line => {
      this.#answers.push(line);
      this.#wake();
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-20_000);
    });
    // A child that is gone tells so by its end; the pipe need not.
    this.#process.stdin.on('error', () => {});
    this.#process.on('error', error => this.#fail(error));
    this.#process.on('close', code =>
      this.#fail(new TroupeError(`${name} ended with ${code}: ${this.#last}`)),
    );
  }

  /** What the child says first, without being asked. */
  first(): Promise<unknown> {
    return this.#next();
  }

  /** @throws with the child's own words where it answers `{error}` */
  async ask(question: object): Promise<unknown> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    const answer = await this.#next();
    if (typeof answer === 'object' && answer !== null && 'error' in answer) {
      throw new TroupeError(`${this.#name}: ${answer.error}`);
    }
    return answer;
  }

  stop(): void {
    this.#lines.close();
    this.#process.kill();
  }

  async #next(): Promise<unknown> {
    let late: NodeJS.Timeout | undefined;
    try {
      while (this.#answers.length === 0) {
        if (this.#failure) throw this.#failure;
        await new Promise<void>(resolve => {
          this.#wake = resolve;
          clearTimeout(late);
          late = setTimeout(
            () => this.#fail(new TroupeError(`${this.#name}: no answer in ${DEADLINE / 60_000} min`)),
            DEADLINE,
          );
        });
      }
    } finally {
      clearTimeout(late);
    }
    const line = this.#answers.shift()!;
    try {
      return JSON.parse(line);
    } catch (error) {
      throw new TroupeError(`${this.#name}: expected a line of JSON, got ${line}: ${asError(error).message}`);
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  /** The last line that the child wrote to stderr. */
  get #last(): string {
    return this.#complaints.trimEnd().split('\n').at(-1) ?? '';
  }
}
