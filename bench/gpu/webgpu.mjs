// The cases of `troupe bench tensors` on a GPU: whether each executor gives what onnx-cpu gives, and how long it takes
// beside onnx-cpu and beside PyTorch on the same GPU. Run it where a GPU is at hand:
//
//   npm run build && node bench/gpu/webgpu.mjs                          WebGPU and CUDA against onnx-cpu
//   node bench/gpu/webgpu.mjs --check --only MLP                        whether it is right alone, one case
//   LD_LIBRARY_PATH=/usr/lib/chromium VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json \
//     node bench/gpu/webgpu.mjs --check                                 without a GPU: SwiftShader, which Chromium brings
//
//   --executors a,b,c   the first is what the others are held against; default onnx-cpu,onnx-webgpu,onnx-cuda,eager
//   --steps n           training steps whose losses are compared; default 50
//   --only text         cases whose name contains this
//   --small             cases that any machine runs in no time, rather than those of the reported sizes
//   --check             no timing
//   --json              the rows as the last line
//
// PyTorch takes part where $PYTHON (or python3) has it and sees CUDA. Every executor runs every case in a process of its
// own, because a GPU provider may end its process. Leaves with 1 where an executor that is there gives other losses, or
// ends, or where nothing but the first one ran.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { One } from './one.mjs';

const { values: options } = parseArgs({
  options: {
    executors: { type: 'string', default: 'onnx-cpu,onnx-webgpu,onnx-cuda,eager' },
    steps: { type: 'string', default: '50' },
    only: { type: 'string', default: '' },
    small: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

/** How far a loss may be from the first executor's, relatively: the bar of the WebGPU executor. */
const TOLERANCE = 2e-4;
const dist = new URL('../../dist/', import.meta.url);
const load = path => import(new URL(path, dist).href);

if (!existsSync(dist)) {
  console.error('There is no dist/ here: npm run build');
  process.exit(2);
}
const { smallCases, studyCases } = await load('bench/cases/index.js');
const { quartiles } = await load('bench/contract.js');
const { takeTurns } = await load('bench/turns.js');
const { Rival, rivalKinds } = await load('bench/rivals/rival.js');
const { Random } = await load('core/random.js');

async function main() {
  const names = options.executors.split(',');
  const torch = options.check ? undefined : await startTorch();
  const rows = [];
  for (const one of options.small ? smallCases : studyCases) {
    if (one.name.includes(options.only)) rows.push(...(await compare(one, names, torch)));
  }
  torch?.stop();
  if (options.json) console.log(JSON.stringify({ rows }));
  const others = rows.filter(({ reference }) => !reference);
  return rows.some(({ failed }) => failed) || !others.some(({ difference }) => difference !== undefined)
    ? 1
    : 0;
}

async function startTorch() {
  const started = await Rival.start(rivalKinds()[1]);
  if (started instanceof Rival) return started;
  console.log(`takes no part: ${started.skipped}`);
  return undefined;
}

/** One case on every executor: first whether it is right, then how long it takes. */
async function compare(one, names, torch) {
  console.log(`\n${one.name}`);
  const rows = [];
  const entered = [];
  let expected;
  for (const [i, executor] of names.entries()) {
    const row = { case: one.name, executor, reference: i === 0 };
    rows.push(row);
    const child = new One(executor, one.name, options.small);
    try {
      const { name, reason } = await child.next();
      Object.assign(row, { name, reason });
      const { losses } = await child.ask(Number(options.steps));
      expected ??= losses;
      row.difference = Math.max(...losses.map((loss, k) => difference(loss, expected[k])));
      row.failed = !(row.difference <= TOLERANCE);
      entered.push({ row, run: async steps => (await child.ask(steps)).ms, close: () => child.stop() });
      const verdict = row.failed ? `NOT within ${TOLERANCE}` : 'agrees';
      console.log(
        `  ${executor.padEnd(14)} ${verdict}: losses of ${options.steps} steps differ by ${row.difference.toExponential(1)}`,
      );
    } catch (error) {
      child.stop();
      // One that is absent says so; one that started and then ended has failed.
      Object.assign(row, { error: error.message, failed: row.name !== undefined || expected === undefined });
      console.log(`  ${executor.padEnd(14)} ${error.message}`);
      if (expected === undefined) return rows;
    }
  }
  if (!options.check) {
    if (torch) entered.push(...(await torchOn(one, torch, rows)));
    await time(one, entered);
  }
  for (const { close } of entered) await close();
  return rows;
}

/** Relative where numbers are large; NaN where one of them is. */
function difference(a, b) {
  return Math.abs(a - b) / Math.max(1, Math.abs(b));
}

async function torchOn(one, torch, rows) {
  const entered = [];
  const random = Random.fromSeed(1);
  const state = one.state(random);
  const inputs = one.inputs(random);
  for (const variant of torch.variantsFor(one)) {
    const row = { case: one.name, executor: `PyTorch ${torch.version}, CUDA, ${variant}` };
    rows.push(row);
    try {
      const opened = await torch.open(one, state, inputs, {
        variant,
        device: 'cuda',
        random: Random.fromSeed(2),
      });
      await opened.run(3);
      entered.push({ row, run: async steps => (await opened.run(steps)).ms, close: opened.close });
    } catch (error) {
      row.error = error.message;
      console.log(`  ${error.message} (${variant})`);
    }
  }
  return entered;
}

async function time(one, entered) {
  const perStep = one.scan?.steps ?? 1;
  const times = await takeTurns(entered);
  const first = times[0];
  for (const [i, { row }] of entered.entries()) {
    row.ms = quartiles(times[i].map(ms => ms / perStep));
    row.ratio = quartiles(times[i].map((ms, round) => first[round] / ms));
    const { median, q1, q3 } = row.ms;
    const took = `${median.toFixed(3)} ms (${q1.toFixed(3)} … ${q3.toFixed(3)})`;
    console.log(
      `  ${row.executor.padEnd(14)} ${took}, ${row.ratio.median.toFixed(2)}× as fast as ${entered[0].row.executor}`,
    );
  }
}

process.exitCode = await main();
