import { escapeHtml } from './html.ts';
import { style } from './style.ts';

/**
 * A page that holds all it needs and works from a file.
 * @param sections HTML; empty ones are left out
 * @param more style beside the common one
 */
export const pageOf = (
  title: string,
  sections: readonly (string | undefined)[],
  more = '',
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}${more}</style>
</head>
<body>
<main>
${sections.filter(Boolean).join('\n')}
</main>
</body>
</html>
`;

/**
 * A section with its title; none where its body is empty.
 * @param title, body HTML @param legend stands behind the title, quietly
 */
export const section = (title: string, body: string, legend = ''): string =>
  body === ''
    ? ''
    : `<section><h2>${title}${legend && ` <span class="legend">(${legend})</span>`}</h2>${body}</section>`;

/** A patch of colour for a legend. @param color a variable of the style, `--accent` */
export const key = (color: string): string => `<span class="key" style="background:var(${color})"></span>`;
