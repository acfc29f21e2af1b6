// The import rule: folders import in one direction (docs/architecture.md). Reads every module under src/ with a
// real parser, so a comment or a string is never taken for an import, and fails when it saw no module at all.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** folder → what it may import from, beside itself. */
export const allowed = {
  core: [],
  tensors: ['core'],
  env: ['core'],
  data: ['core'],
  actors: ['core', 'tensors', 'env', 'data'],
  learners: ['core', 'tensors', 'env', 'data', 'actors'],
  evaluation: ['core', 'actors'],
  report: ['core', 'evaluation'],
  scenarios: ['core', 'tensors', 'env', 'data', 'actors', 'learners', 'evaluation', 'report'],
  bench: ['core', 'tensors', 'env', 'data', 'actors', 'learners', 'evaluation', 'report', 'scenarios'],
  cli: ['core', 'tensors', 'env', 'data', 'actors', 'learners', 'evaluation', 'report', 'scenarios', 'bench'],
};

/** @returns {{ modules: number, violations: string[] }} what a tree of sources holds */
export function checkImports(source) {
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map(entry => resolve(entry.parentPath, entry.name));
  const violations = [];
  for (const file of files) {
    const folder = folderOf(source, file);
    if (folder === undefined) continue; // src/index.ts gathers everything
    if (!(folder in allowed)) {
      violations.push(`${relative(source, file)}: folder ${folder}/ is not in the import rule`);
      continue;
    }
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith('.')) continue;
      const target = folderOf(source, resolve(dirname(file), specifier));
      if (target !== folder && !(allowed[folder] ?? []).includes(target)) {
        violations.push(`${relative(source, file)}: ${folder}/ may not import ${specifier}`);
      }
    }
  }
  return { modules: files.length, violations };
}

function folderOf(source, file) {
  const parts = relative(source, file).split(sep);
  return parts.length > 1 ? parts[0] : undefined;
}

function importsOf(file) {
  const { module, errors } = parseSync(file, readFileSync(file, 'utf8'));
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const text = readFileSync(file, 'utf8');
  return [
    ...module.staticImports.map(item => item.moduleRequest.value),
    ...module.staticExports.flatMap(item =>
      item.entries.flatMap(e => (e.moduleRequest ? [e.moduleRequest.value] : [])),
    ),
    ...module.dynamicImports
      .map(item => text.slice(item.moduleRequest.start, item.moduleRequest.end))
      .filter(literal => /^['"]/.test(literal))
      .map(literal => literal.slice(1, -1)),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { modules, violations } = checkImports(fileURLToPath(new URL('../src', import.meta.url)));
  for (const violation of violations) console.error(violation);
  console.log(`imports: ${modules} modules, ${violations.length} violations`);
  process.exitCode = modules === 0 || violations.length > 0 ? 1 : 0;
}
