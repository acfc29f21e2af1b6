import type { ConstantData } from '../graph/values.ts';
import { arrayType, type GraphCode } from './code.ts';

/**
 * The statements that declare a graph's constants in a module without imports: real numbers as base64 of little-endian
 * float32, end to end; whole numbers as they are.
 */
export function constantsText({ constants }: Pick<GraphCode, 'constants'>): string {
  const floats: { name: string; data: ConstantData }[] = [];
  const lines: string[] = [];
  for (const [name, { data, dtype }] of constants) {
    if (dtype === 'float32') floats.push({ name, data });
    else lines.push(`const ${name} = ${arrayType(dtype)}.of(${Array.from(data).join(', ')});`);
  }
  if (floats.length === 0) return lines.join('\n');
  const all = Float32Array.from(floats.flatMap(({ data }) => Array.from(data)));
  let at = 0;
  for (const { name, data } of floats) {
    lines.push(`const ${name} = weights.slice(${at}, ${at + data.length});`);
    at += data.length;
  }
  const base64 = Buffer.from(all.buffer).toString('base64');
  return [
    `const bytes = Uint8Array.from(atob('${base64}'), letter => letter.charCodeAt(0));`,
    'const weights = new Float32Array(bytes.buffer);',
    ...lines,
  ].join('\n');
}

/** Lines of code, indented by the braces that are open. */
export function indented(code: string): string {
  let depth = 0;
  return code
    .split('\n')
    .map(line => {
      const text = line.trim();
      if (text.startsWith('}')) depth--;
      const shown = text === '' ? '' : '  '.repeat(depth) + text;
      if (text.endsWith('{')) depth++;
      return shown;
    })
    .join('\n');
}
