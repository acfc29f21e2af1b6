export { type LogCheck, verifyLog } from './chain.ts';
export * from './join.ts';
export { type ExportedTables, exportTables, type TableFormats } from './tables.ts';
export * from './trial-log.ts';
