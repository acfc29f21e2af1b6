// One case on one executor, as a process of its own: `node run-one.mjs EXECUTOR CASE [--small]`. Says {name, reason} or
// {error}, then answers {run: {steps}} with {ms, losses}.
import { lines } from './lines.mjs';

const load = path => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { compileCase, smallCases, studyCases } = await load('bench/cases/index.js');
const { scanOf } = await load('bench/cases/scan.js');
const { Random } = await load('core/random.js');

const [executor, wanted, small] = process.argv.slice(2);
const say = message => process.stdout.write(`${JSON.stringify(message)}\n`);
try {
  const one = (small ? smallCases : studyCases).find(({ name }) => name === wanted);
  const random = Random.fromSeed(1);
  const state = one.state(random);
  const program = await compileCase(one, state, { executor, strict: true });
  const step = stepOf(one, program, one.inputs(random));
  // The first step may be what chooses the executor.
  const first = await step();
  const { name, reason } = program.executor;
  // Whatever fell back to something else has not been asked for.
  if (!name.startsWith(executor)) throw new Error(`asked for ${executor}, got ${name}: ${reason}`);
  program.state.set(state);
  say({ name, reason, first });
  for await (const line of lines(process.stdin)) {
    const losses = [];
    const start = performance.now();
    for (let k = JSON.parse(line).run.steps; k > 0; k--) losses.push(await step());
    say({ ms: performance.now() - start, losses });
  }
} catch (error) {
  say({ error: error.message });
}
process.exit();

function stepOf(one, program, inputs) {
  const last = outputs => outputs[one.watched].data.at(-1);
  const scan = one.scan && scanOf(one, inputs, Random.fromSeed(2));
  return scan
    ? async () => last(await program.scan(scan.split, scan.indices, scan.batch))
    : async () => last(await program(inputs));
}
