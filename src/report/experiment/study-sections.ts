import type { Study } from './study.ts';

export const studySections = async (_study: Study): Promise<string> => '';
