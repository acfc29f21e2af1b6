export { type LanguageModelConfig, languageModelConfig } from './config.ts';
export {
  type Block,
  embedTokens,
  type LanguageModel,
  languageModelInit,
  nextTokenLogits,
  type Reading,
  readTokens,
} from './network.ts';
