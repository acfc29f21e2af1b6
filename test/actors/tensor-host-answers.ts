import { hostRuns } from './tensor-host-runs.ts';

// The runs on an executor, in a process of their own. The last line says what became of them.
const runs = await hostRuns(process.argv[2]);
process.stdout.write(`\n${JSON.stringify(runs)}\n`);
