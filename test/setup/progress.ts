import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

/** Says how far `npm run test:full` is: it takes most of an hour. */
export default class Progress implements Reporter {
  #all = 0;
  #ended = 0;
  #since = 0;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#all = specifications.length;
    this.#ended = 0;
    this.#since = performance.now();
  }

  /** A line after every long file, and after every twentieth of the others. */
  onTestModuleEnd({ project }: TestModule): void {
    this.#ended++;
    if (project.name !== 'full' && this.#ended % 20 !== 0) return;
    const minutes = Math.round((performance.now() - this.#since) / 60_000);
    console.log(`   ${this.#ended} of ${this.#all} files, ${minutes} min`);
  }
}
