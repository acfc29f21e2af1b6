import { z } from 'zod';
import { defineEnvironment } from '../define.ts';
import { box } from '../spaces.ts';
import { antRobot } from './ant-robot.ts';
import { engineNames, loadEngine } from './engine.ts';
import { inBody } from './quaternions.ts';
import type { Play, RapierTask, Stage } from './task.ts';
import { RapierVector } from './vector.ts';

const controlStep = 0.04;
const physicsSteps = 4;
const joints = antRobot.joints.length;
const shins = antRobot.bodies.flatMap((body, b) => (body.name.endsWith('shin') ? [b] : []));
const contactGap = 0.01;

const options = z.strictObject({
  engine: z.enum(engineNames).default('simd'),
  forwardReward: z.number().default(1),
  healthyReward: z.number().default(0.5),
  controlCost: z.number().min(0).default(0.05),
});
type Options = z.output<typeof options>;
type Memory = 'x';
type Info = 'x' | 'y' | 'height' | 'upright' | 'feet' | 'fell';

export const ant = defineEnvironment(import.meta.url, {
  name: 'ant',
  summary: 'A four-legged robot walks forward: 8 motors, Rapier physics.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), antTask(chosen), count),
});

export function antTask(chosen: Options): RapierTask<Memory, Info> {
  return {
    name: 'ant',
    observationSpace: box(1 + 3 + 2 + 3 + 3 + 2 * joints + shins.length),
    actionSpace: box(joints, { low: -1, high: 1 }),
    robot: antRobot,
    world: { dt: controlStep / physicsSteps, iterations: 2, sweeps: 3, ground: { friction: 1 }, spacing: 2 },
    physicsSteps,
    episodeSteps: 250,
    memory: ['x'],
    info: ['x', 'y', 'height', 'upright', 'feet', 'fell'],
    play: stage => playAnt(stage, chosen),
  };
}

function playAnt({ world, memory, info }: Stage<Memory, Info>, chosen: Options): Play {
  const { states, stride } = world;
  const body = new Float64Array(3);
  const uprightness = (copy: number): number => {
    const x = states[copy * stride + 3];
    const z = states[copy * stride + 5];
    return 1 - 2 * (x * x + z * z);
  };
  return {
    start(random, start) {
      start.position[1] = random.uniform(0.05, 0.06);
      for (let k = 0; k < 3; k++) {
        start.turn[k] = random.uniform(-0.05, 0.05);
        start.velocity[k] = random.uniform(-0.1, 0.1);
      }
      for (let j = 0; j < joints; j++) {
        start.angles[j] = random.uniform(-0.1, 0.1);
        start.speeds[j] = random.uniform(-0.1, 0.1);
      }
    },
    act(copy, actions, at) {
      for (let j = 0; j < joints; j++) world.aim(copy, j, actions[at + j] * (j % 2 === 0 ? 0.6 : 0.7));
    },
    judge(copy, actions, at) {
      const x = states[copy * stride];
      const height = states[copy * stride + 1];
      const upright = uprightness(copy);
      const healthy = height > 0.22 && height < 1 && upright > 0.3;
      info.x[copy] = x;
      info.y[copy] = states[copy * stride + 2];
      info.height[copy] = height;
      info.upright[copy] = upright;
      info.feet[copy] = 0;
      for (const shin of shins) if (world.tipHeight(copy, shin) <= contactGap) info.feet[copy]++;
      info.fell[copy] = healthy ? 0 : 1;
      let effort = 0;
      for (let j = 0; j < joints; j++) effort += actions[at + j] ** 2;
      const speed = (x - memory.x[copy]) / controlStep;
      memory.x[copy] = x;
      return (
        chosen.forwardReward * speed + (healthy ? chosen.healthyReward : 0) - chosen.controlCost * effort
      );
    },
    ended: copy => info.fell[copy] === 1,
    observe(copy, out, at) {
      const s = copy * stride;
      out[at++] = states[s + 1];
      inBody(states, s + 3, up, 0, body);
      for (let k = 0; k < 3; k++) out[at++] = body[k];
      inBody(states, s + 3, ahead, 0, body);
      const level = Math.hypot(body[0], body[2]) || 1;
      out[at++] = body[0] / level;
      out[at++] = body[2] / level;
      inBody(states, s + 3, states, s + 7, body);
      for (let k = 0; k < 3; k++) out[at++] = body[k];
      inBody(states, s + 3, states, s + 10, body);
      for (let k = 0; k < 3; k++) out[at++] = body[k];
      for (let j = 0; j < joints; j++) {
        out[at + j] = world.angle(copy, j);
        out[at + joints + j] = world.speed(copy, j);
      }
      at += 2 * joints;
      for (const shin of shins) out[at++] = world.tipHeight(copy, shin) <= contactGap ? 1 : 0;
    },
    caption: copy => `${states[copy * stride].toFixed(1)} m`,
  };
}

const up = [0, 1, 0] as const;
const ahead = [1, 0, 0] as const;
