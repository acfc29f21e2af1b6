import { join } from 'node:path';
import { z } from 'zod';
import { defineActor } from '../../actors/index.ts';
import { writeFileWhole } from '../../core/files.ts';
import { writeExhibit } from '../../report/exhibits.ts';
import type { RoboticsStudy } from './contract.ts';
import { studyExhibit } from './exhibits.ts';
import { type StudyQuestion, studyOf } from './study.ts';

/** Analyses the finished logs in a thread of its own: statistics only, nothing of the world. */
export const studyAnalyst = defineActor(import.meta.url, {
  name: 'study-analyst',
  config: z.object({}),
  start({ heartbeat }) {
    return {
      /** Writes `study.json` beside the logs, and what the report draws of it. @returns what it holds */
      analyse(question: StudyQuestion): RoboticsStudy {
        const study = studyOf(question, heartbeat);
        writeFileWhole(join(question.folder, 'study.json'), `${JSON.stringify(study)}\n`);
        heartbeat();
        writeExhibit(question.folder, 'study', studyExhibit(study, question.folder));
        return study;
      },
    };
  },
});
