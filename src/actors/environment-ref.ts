import { z } from 'zod';
import type { EnvironmentRef } from '../env/contract.ts';

/** An environment reference inside an actor's config. */
export const environmentRefSchema = z.custom<EnvironmentRef>(
  value => typeof value === 'object' && value !== null && 'module' in value && 'options' in value,
  'expected a reference made by environmentRef',
);
