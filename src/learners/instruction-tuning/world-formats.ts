import type { Template } from './contract.ts';
import { optionsText, slots } from './render.ts';
import { wordsIn } from './vocabulary.ts';

/** How a question is put: instructions, the entity alone, a number in place of the relation, or instructions before the options. */
export const worldFormats = ['instruct', 'noTemplate', 'nameOnly', 'optionsAfter'] as const;
/** One of them. */
export type WorldFormat = (typeof worldFormats)[number];

/** As many as FLAN has for a task. Some end as declarative text does, some have other words around it, or another order. */
const questions = [
  'question: what is {relation} of {entity} answer',
  'which of these is {relation} for {entity}? answer',
  'name what {entity} has for {relation} answer',
  'say {relation} for {entity} answer',
  '{entity} has what {relation}? answer',
  'question: {entity} {relation} answer',
  'which {relation} of these has {entity}? answer',
  'for {entity} name {relation} answer',
  'what {relation} is for {entity}? answer',
  'of {entity} say {relation} answer',
];
const asking = (input: string): Template => ({ input, target: '{answer}', inverted: false });

/** The templates of each format. */
export const worldTemplates: Readonly<Record<WorldFormat, readonly Template[]>> = {
  instruct: questions.map(question => asking(`{options_}\n${question}`)),
  noTemplate: [asking('{options_}\n{entity}')],
  nameOnly: [asking('{options_}\n{name} {entity}')],
  optionsAfter: questions.map(question => asking(question.replace(/ answer$/, '\n{options_}\nanswer'))),
};

/** Every word of the instructions, once. */
export const instructionWords: readonly string[] = [
  ...new Set(
    worldTemplates.instruct.flatMap(({ input }) => wordsIn(optionsText(['']) + input.replace(slots, ' '))),
  ),
];
