import { join } from 'node:path';
import { exportTables, readLog, trialsOf } from '../../evaluation/log/index.ts';
import { logFile } from './cast.ts';
import { controllers, lifts, nothingChanged } from './plans.ts';

const logs = [
  ['study', nothingChanged.name],
  ['experiment', controllers.name],
  ['experiment', lifts.name],
] as const;

/**
 * Writes the trials of each log for those who would rather ask in SQL: `tables/<experiment>-<layer>/trials.duckdb`.
 * @param folder of the run
 * @param warn told once where DuckDB is not installed: the logs have everything
 */
export async function writeTables(folder: string, warn: (message: string) => void): Promise<void> {
  for (const [name, layer] of logs) {
    const { note } = await exportTables(
      join(folder, 'tables', `${name}-${layer}`),
      trialsOf(readLog(logFile(folder, name, layer))),
    );
    if (note === undefined) continue;
    warn(note);
    return;
  }
}
