import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { TroupeError } from '../../core/errors.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import { ownWords } from './failures.ts';
import { locateNative } from './onnx-native.ts';
import { identityModel, probeModel } from './probe-graph.ts';

/** Providers of onnxruntime-node. */
export type Provider = 'cpu' | 'webgpu' | 'cuda';

/** What came of trying a provider. */
export interface Probed {
  /** Names of the libraries of graphics drivers that the process loaded. */
  readonly drivers: readonly string[];
}

type Answer = Probed | { readonly failed: string };

const asked = new Map<Provider, Promise<Answer>>();

/**
 * Trains a small net on a provider in a process of its own, since failures of drivers can abort the process. Once a
 * process: workers that are started afterwards know the answer.
 * @throws with the reason where it does not work
 */
export async function probe(provider: Provider, host: PackageHost = packageHost): Promise<Probed> {
  const answer = host === packageHost ? await once(provider) : await ask(provider, host);
  if ('failed' in answer) throw new TroupeError(answer.failed);
  return answer;
}

function once(provider: Provider): Promise<Answer> {
  const key = `troupe: probe of ${provider}`;
  const known = getEnvironmentData(key) as Answer | undefined;
  if (known !== undefined) return Promise.resolve(known);
  let pending = asked.get(provider);
  if (pending === undefined) {
    pending = ask(provider, packageHost).then(answer => {
      setEnvironmentData(key, answer as never);
      return answer;
    });
    asked.set(provider, pending);
  }
  return pending;
}

async function ask(provider: Provider, host: PackageHost): Promise<Answer> {
  try {
    const lines = (await host.run(script(provider, locateNative(host)))).trim().split('\n');
    const answer = JSON.parse(lines.at(-1) ?? '') as Probed & { readonly distance: number };
    // Also where it is not a number.
    if (answer.distance < 1e-3) return { drivers: answer.drivers };
    return { failed: `it computes wrong: ${answer.distance} away from the processor's result` };
  } catch (error) {
    return { failed: ownWords(error) };
  }
}

const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Five steps on the processor and on the provider, whose state stays on the device where that can be. */
const script = (provider: Provider, file: string): string => `
  const { InferenceSession, Tensor } = require(${JSON.stringify(file)});
  const bytes = text => Uint8Array.from(Buffer.from(text, 'base64'));
  const wave = (length, step) => Float32Array.from({ length }, (_, i) => Math.sin(1 + step * i));
  const stays = ${provider === 'webgpu'};
  const open = (model, name, output) => InferenceSession.create(bytes(model), {
    executionProviders: name === 'cuda' ? ['cuda', 'cpu'] : [name],
    logSeverityLevel: 4,
    ...(stays && name !== 'cpu' && output && { preferredOutputLocation: { [output]: 'gpu-buffer' } }),
  });
  async function train(name) {
    const session = await open('${inBase64(probeModel())}', name, 'n');
    const x = new Tensor('float32', wave(32, 0.7), [8, 4]);
    const t = new Tensor('float32', wave(16, 0.3), [8, 2]);
    let s = new Tensor('float32', wave(10, 0.5), [10]);
    for (let i = 0; i < 5; i++) s = (await session.run({ s, x, t })).n;
    const identity = await open('${inBase64(identityModel('float32', [10]))}', name);
    return (await identity.run({ x: s })).y.data;
  }
  function drivers() {
    const known = /vulkan|_icd|swiftshader|nvidia|nvoglv|nvwgf|amdvlk|amdxc|igvk|igd1|d3d10warp|libcuda/i;
    let loaded;
    if (process.platform === 'linux') {
      loaded = require('fs').readFileSync('/proc/self/maps', 'utf8').split('\\n').map(line => line.split(/ +/)[5] ?? '');
    } else loaded = process.report.getReport().sharedObjects;
    return [...new Set(loaded.filter(file => /\\.(so|dll|dylib)/.test(file)).map(file => file.split(/[\\\\/]/).at(-1)))]
      .filter(file => known.test(file));
  }
  (async () => {
    const expected = await train('cpu');
    const found = await train('${provider}');
    const distance = Math.max(...found.map((value, i) => Math.abs(value - expected[i])));
    console.log('\\n' + JSON.stringify({ distance, drivers: drivers() }));
    // What the libraries do at the end of a process is no concern of ours.
    process.reallyExit(0);
  })();`;
