export * from './cmh.ts';
export * from './corrections.ts';
export * from './dunnett.ts';
export * from './exact.ts';
export * from './homogeneity.ts';
export * from './jackknife.ts';
export * from './means.ts';
export * from './two-arm.ts';
