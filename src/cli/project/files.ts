/** The files of a new project. @param troupe what package.json asks for, e.g. `^0.1.0` */
export const projectFiles = (name: string, troupe: string): Readonly<Record<string, string>> => ({
  'package.json': packageJson(name, troupe),
  'tsconfig.json': tsconfig,
  '.gitignore': 'node_modules/\nruns/\n',
  'environment.ts': environment,
  'scenario.ts': scenario,
  'environment.test.ts': test,
  'README.md': readme(name),
});

const packageJson = (name: string, troupe: string): string =>
  `${JSON.stringify(
    {
      name,
      version: '0.0.0',
      private: true,
      type: 'module',
      scripts: {
        start: 'troupe run ./scenario.ts',
        test: 'tsx --test environment.test.ts',
        types: 'tsc --noEmit',
      },
      dependencies: { troupe, zod: '^4.0.0' },
      devDependencies: { '@types/node': '^20.19.0', tsx: '^4.20.0', typescript: '^5.9.0' },
    },
    null,
    2,
  )}\n`;

const tsconfig = `{
  "compilerOptions": {
    "target": "es2022",
    "module": "nodenext",
    "strict": true,
    "noEmit": true,
    "allowImportingTsExtensions": true,
    "types": ["node"],
    "skipLibCheck": true
  },
  "include": ["*.ts"]
}
`;

const environment = `import { Random } from 'troupe/core';
import { box, defineEnvironment, environment } from 'troupe/env';
import { z } from 'zod';

const tick = 0.1; // seconds of a step
const push = 2; // acceleration at full thrust, m/s²

/** A puck on ice: bring it to the middle and hold it there. */
export const puck = defineEnvironment(import.meta.url, {
  name: 'puck',
  summary: 'Bring a sliding puck to the middle and hold it there.',
  options: z.object({ reach: z.number().positive().default(1).describe('How far away it may start, m.') }),
  maxEpisodeSteps: 60,
  make({ reach }) {
    let random = Random.fromSeed(0);
    let place = 0;
    let speed = 0;
    const observe = () => Float32Array.of(place, speed); // a new array each time: learners keep them
    return environment({
      observationSpace: box(2),
      actionSpace: box(1, { low: -1, high: 1 }),
      reset({ seed } = {}) {
        if (seed !== undefined) random = Random.fromSeed(seed);
        place = random.uniform(-reach, reach);
        speed = 0;
        return { observation: observe(), info: { distance: Math.abs(place) } };
      },
      step(action) {
        speed += action[0] * push * tick;
        place += speed * tick;
        const distance = Math.abs(place);
        return {
          observation: observe(),
          reward: Math.max(0, 1 - distance),
          terminated: distance > 3, // lost
          truncated: false, // \`maxEpisodeSteps\` sees to that
          info: { distance },
        };
      },
      // Everything that decides what follows: a run that was stopped goes on exactly where it was.
      snapshot: () => ({ random: random.state, place, speed }),
      restore(state) {
        ({ random: random.state, place, speed } = state as { random: RandomState; place: number; speed: number });
      },
      render: () => ({
        objects: [
          part('ice', { kind: 'ground' }, [0, 0, 0], '#dbe9f4'),
          part('middle', { kind: 'box', half: [0.02, 0.3, 0.02] }, [0, 0.3, -0.3], '#d1495b'),
          part('puck', { kind: 'cylinder', radius: 0.15, halfHeight: 0.05 }, [place, 0.05, 0], '#22223b'),
        ],
        camera: { target: [0, 0.3, 0], distance: 4, side: 'side' },
        caption: \`\${place.toFixed(2)} m\`,
      }),
    });
  },
});

function part(id: string, shape: Shape, position: Vec3, color: string): SceneObject {
  return { id, shape, position, rotation: [0, 0, 0, 1], color };
}
`.replace(
  "import { Random } from 'troupe/core';",
  "import { Random, type RandomState, type SceneObject, type Shape, type Vec3 } from 'troupe/core';",
);

const scenario = `import { environmentRef } from 'troupe/env';
import { ppoConfig } from 'troupe/learners';
import { castPpo, scenario } from 'troupe/scenarios';
import { z } from 'zod';
import { puck } from './environment.ts';

export default scenario({
  name: 'puck',
  summary: 'PPO learns to bring a puck to the middle and to hold it there.',
  options: z.object({
    steps: z.number().int().positive().default(60_000).describe('Environment steps to train for.'),
    ppo: ppoConfig.prefault({ gamma: 0.95, learningRate: 1e-3, epochs: 10, initialLogStd: -0.5 }),
  }),
  smoke: { steps: 4_096 },
  play: stage => castPpo(stage, { environment: environmentRef(puck, { reach: 1 }), film: { dt: 0.1 } }),
  checks: [{ name: 'mean return', value: result => result.evaluation.return, atLeast: 45 }],
});
`;

const test = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkEnvironment } from 'troupe/env';
import { puck } from './environment.ts';

test('the puck is an environment', async () => {
  const report = await checkEnvironment(puck);
  assert.deepEqual(report.findings, []);
});
`;

const readme = (name: string): string => `# ${name}

An environment (\`environment.ts\`), a scenario that trains on it (\`scenario.ts\`) and a test (\`environment.test.ts\`).

\`\`\`sh
npm i
npm test                                        # does the environment keep the rules?
npx troupe check-env ./environment.ts           # the same, with what was tried
npx troupe run ./scenario.ts --smoke            # the whole run in seconds
npx troupe run ./scenario.ts                    # train; ends by saying where the report is
npx troupe run ./scenario.ts --help             # what --set can change
\`\`\`
`;
