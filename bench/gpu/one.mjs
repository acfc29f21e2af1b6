import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { lines } from './lines.mjs';

/** One case on one executor: `run-one.mjs` in a process of its own. */
export class One {
  #child;
  #lines;
  #stderr = '';

  constructor(executor, name, small) {
    const args = [fileURLToPath(new URL('run-one.mjs', import.meta.url)), executor, name];
    this.#child = spawn(process.execPath, small ? [...args, '--small'] : args);
    this.#lines = lines(this.#child.stdout);
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', text => {
      this.#stderr = (this.#stderr + text).slice(-4000);
    });
  }

  async next() {
    const { value, done } = await this.#lines.next();
    if (done) {
      if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
      const { exitCode, signalCode } = this.#child;
      const last = this.#stderr.trimEnd().split('\n').at(-1);
      throw new Error(`its process ended (${signalCode ?? exitCode}): ${last}`);
    }
    const message = JSON.parse(value);
    if (message.error !== undefined) throw new Error(message.error);
    return message;
  }

  ask(steps) {
    this.#child.stdin.write(`${JSON.stringify({ run: { steps } })}\n`);
    return this.next();
  }

  stop() {
    this.#child.kill();
  }
}
