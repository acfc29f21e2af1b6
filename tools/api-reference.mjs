// Writes docs/api/*.md, one page a subpath export, from the declarations and docstrings that the build emits.
// `--check` writes nothing and fails when a page is out of date. An export without a sentence of its own fails either way.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Every declaration that a module exports, following re-exports. @returns {Map<string, Entry[]>} by name */
export function exportsOf(file, seen = new Set()) {
  const found = new Map();
  if (seen.has(file)) return found;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const { program, comments } = parseSync(file, text);
  const own = declarationsOf(program, comments, text);
  const add = (name, entries) => {
    if (entries?.length && !found.has(name)) found.set(name, entries);
  };
  const imported = new Map();
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration' || !node.source.value.startsWith('.')) continue;
    for (const item of node.specifiers)
      imported.set(item.local.name, [node.source.value, item.imported?.name]);
  }
  const from = specifier => exportsOf(declarationFile(file, specifier), new Set(seen));
  for (const node of program.body) {
    if (node.type === 'ExportAllDeclaration') {
      if (node.source.value.startsWith('.'))
        // `export * as tf`: its names stand behind its own.
        for (const [name, entries] of from(node.source.value))
          add(node.exported ? `${node.exported.name}.${name}` : name, entries);
    } else if (node.type === 'ExportNamedDeclaration') {
      for (const item of node.specifiers ?? []) {
        const [local, name] = [item.local.name, item.exported.name];
        if (node.source) {
          if (node.source.value.startsWith('.')) add(name, from(node.source.value).get(local));
        } else if (imported.has(local)) {
          const [specifier, original] = imported.get(local);
          add(name, from(specifier).get(original));
        } else add(name, own.get(local));
      }
      if (node.declaration) for (const name of namesOf(node.declaration)) add(name, own.get(name));
    }
  }
  return found;
}

const declarationFile = (file, specifier) =>
  resolve(dirname(file), specifier).replace(/\.([cm]?)(js|ts)$/, (_, kind) => `.d.${kind}ts`);

function declarationsOf(program, comments, text) {
  const found = new Map();
  for (const node of program.body) {
    const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    for (const name of declaration ? namesOf(declaration) : []) {
      const entry = {
        doc: docBefore(node.start, comments, text),
        code: text.slice(declaration.start, declaration.end).replace(/^declare /, ''),
      };
      found.set(name, [...(found.get(name) ?? []), entry]);
    }
  }
  return found;
}

function namesOf(declaration) {
  if (declaration.type === 'VariableDeclaration') return declaration.declarations.map(item => item.id.name);
  return declaration.id?.name ? [declaration.id.name] : [];
}

function docBefore(start, comments, text) {
  const comment = comments.findLast(item => item.end <= start);
  if (comment?.type !== 'Block' || !comment.value.startsWith('*')) return '';
  if (text.slice(comment.end, start).trim() !== '') return '';
  return comment.value
    .slice(1)
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}

function page(subpath, entries) {
  const sections = [...entries]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([name, all]) => {
      const docs = all.map(entry => entry.doc).filter(Boolean);
      const prose = docs.map(doc =>
        doc.replace(/^@(\w+) ?/gm, '- **$1** ').replace(/ @(\w+) /g, '\n- **$1** '),
      );
      return [
        `## ${name}`,
        ...prose,
        `\`\`\`typescript\n${all.map(entry => entry.code).join('\n')}\n\`\`\``,
      ].join('\n\n');
    });
  const head = `# ${subpath}\n\nMade from the docstrings by \`npm run docs:api\`; edit those, not this page.`;
  return `${[head, ...sections].join('\n\n')}\n`;
}

/** @returns {[string, string][]} what the package exports: a name to import from, and its declarations */
export function subpaths() {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  return Object.entries(exports)
    .filter(([, { types }]) => types)
    .map(([path, { types }]) => [path === '.' ? 'troupe' : `troupe/${path.slice(2)}`, resolve(root, types)]);
}

/** @returns {Map<string, string>} file name → text */
export const pages = () =>
  new Map(subpaths().map(([name, file]) => [`${name.replaceAll('/', '-')}.md`, page(name, exportsOf(file))]));

/** @returns {string[]} the exports of a module whose docstring is missing, or holds nothing but tags */
export const withoutSentence = file =>
  [...exportsOf(file)]
    .filter(([, entries]) => entries.every(({ doc }) => /^(@|$)/.test(doc)))
    .map(([name]) => name);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = `${root}docs/api`;
  const made = pages();
  const stale = [...made].filter(([file, text]) => {
    const path = `${folder}/${file}`;
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  const silent = subpaths().flatMap(([name, file]) => withoutSentence(file).map(item => `${name}: ${item}`));
  for (const item of silent) console.error(`${item} has no docstring`);
  const gone = (existsSync(folder) ? readdirSync(folder) : []).filter(file => !made.has(file));
  if (process.argv.includes('--check')) {
    for (const file of [...stale.map(([name]) => name), ...gone])
      console.error(`docs/api/${file} is out of date`);
    if (made.size === 0 || stale.length + gone.length > 0) process.exitCode = 1;
  } else {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of stale) writeFileSync(`${folder}/${file}`, text);
    for (const file of gone) rmSync(`${folder}/${file}`);
  }
  if (silent.length > 0) process.exitCode = 1;
  console.log(
    `api reference: ${made.size} pages, ${stale.length + gone.length} out of date, ${silent.length} exports without a docstring`,
  );
}
