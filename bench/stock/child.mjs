// Stock TensorFlow.js as a process of its own, because gradients and kernels are registered for a whole process and ours
// would help it. Nothing here imports anything of Troupe's, so that the baseline stays what it is while Troupe changes.
//
// Speaks lines of JSON. First it says {name, version} or {skip}. Then it answers
//   {open: {program, watched, state, inputs, scan?}}  with {id}: state and inputs are [{name, shape, dtype, data}], data base64
//   {run: {id, steps}}                                with {ms, watched}: all steps together; the output watched, of the last
//   {close: {id}}                                     with {}
// or with {error}. `scan` is {rows, batch, steps, indices}: one step is then all of those minibatches.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { registerStandIns } from './kernels.mjs';
import { sacStep } from './sac.mjs';
import { rssmStep, transformerStep } from './sequences.mjs';
import { actingStep, convStep, mlpStep, ppoStep } from './simple.mjs';

const programs = {
  mlp: mlpStep,
  ppo: ppoStep,
  sac: sacStep,
  conv: convStep,
  transformer: transformerStep,
  rssm: rssmStep,
  acting: actingStep,
};

// The lines are the only thing on stdout.
const say = message => process.stdout.write(`${JSON.stringify(message)}\n`);
console.log = console.warn = console.info = console.error;

const tf = await start().catch(error => {
  say({ skip: error.code === 'ERR_MODULE_NOT_FOUND' ? missing(error) : error.message });
  process.exit(0);
});
say({ name: 'stock tfjs', version: `${tf.version.tfjs}, wasm, one thread` });

const opened = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say(answer(JSON.parse(line)));
  } catch (error) {
    say({ error: error.message });
  }
}

async function start() {
  const tf = await import('@tensorflow/tfjs');
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(join(dirname(manifest), 'dist', '/'));
  setThreadsCount(1);
  tf.enableProdMode();
  if (!(await tf.setBackend('wasm'))) throw new Error("tfjs' wasm backend does not start");
  registerStandIns(tf);
  return tf;
}

function missing(error) {
  const name = /package '([^']+)'/.exec(error.message)?.[1] ?? '@tensorflow/tfjs';
  return `there is no ${name} here (npm install --no-save ${name}@4.22.0)`;
}

function answer({ open, run, close }) {
  if (open) {
    const id = opened.size;
    opened.set(id, prepare(open));
    return { id };
  }
  if (run) return timed(opened.get(run.id), run.steps);
  opened.get(close.id).dispose();
  opened.set(close.id, undefined);
  return {};
}

function prepare({ program, watched, state, inputs, scan }) {
  const variables = Object.fromEntries(state.map(each => [each.name, tf.variable(upload(decoded(each)))]));
  const host = Object.fromEntries(inputs.map(each => [each.name, decoded(each)]));
  const numbers = Object.fromEntries(
    Object.entries(host).map(([name, { data }]) => [name, data.length === 1 ? data[0] : undefined]),
  );
  const step = programs[program](tf, variables, numbers);
  // Host to host, as our programs are measured: batches go in as arrays, the output is read.
  const once = batch => {
    const tensors = Object.fromEntries(Object.entries(batch).map(([name, each]) => [name, upload(each)]));
    const out = step(tensors);
    const values = out.dataSync();
    tf.dispose([tensors, out]);
    return watched === 'loss' ? values[0] : Array.from(values);
  };
  const all = scan ? () => scanned(once, host, scan) : () => once(host);
  return { all, dispose: () => tf.dispose(variables) };
}

function upload({ shape, data, dtype }) {
  return tf.tensor(data, shape, dtype);
}

function decoded({ shape, dtype, data }) {
  const bytes = Buffer.from(data, 'base64');
  const kind = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return {
    shape,
    dtype,
    data: new kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)),
  };
}

function scanned(once, host, { rows, batch, steps, indices }) {
  const order = decoded(indices).data;
  let watched;
  for (let k = 0; k < steps; k++) {
    const chosen = order.subarray(k * batch, (k + 1) * batch);
    const gathered = Object.entries(host).map(([name, each]) => [
      name,
      rows.includes(name) ? gather(each, chosen) : each,
    ]);
    watched = once(Object.fromEntries(gathered));
  }
  return watched;
}

function gather({ shape, dtype, data }, chosen) {
  const width = data.length / shape[0];
  const out = new data.constructor(chosen.length * width);
  chosen.forEach((from, to) => {
    out.set(data.subarray(from * width, (from + 1) * width), to * width);
  });
  return { shape: [chosen.length, ...shape.slice(1)], dtype, data: out };
}

function timed({ all }, steps) {
  let watched;
  const start = performance.now();
  for (let k = 0; k < steps; k++) watched = all();
  return { ms: performance.now() - start, watched };
}
