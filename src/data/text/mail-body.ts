/**
 * What a mail says: the text of its body, without the headers of the mail and of its parts, whose fields (the servers, the
 * programs and lists it came through) tell a class of mails better than any word. Parts that are not text are left out,
 * base64 and quoted-printable are undone (RFC 2045), HTML loses its tags, scripts, styles and comments.
 * @param mail as it was sent, one character a byte (latin1), lines ended by `\n`
 */
export function mailBody(mail: string): string {
  return partText(mail, 0);
}

interface Part {
  readonly type: string;
  readonly encoding: string;
  readonly boundary: string | undefined;
  readonly body: string;
}

// Parts within parts: more than any mail program makes.
const deepest = 8;

function partText(source: string, depth: number): string {
  const { type, encoding, boundary, body } = readPart(source);
  if (depth < deepest && type.startsWith('multipart/') && boundary !== undefined) {
    const inner = partsOf(body, boundary);
    if (inner.length > 0) return inner.map(part => partText(part, depth + 1)).join('\n');
  }
  if (type === 'message/rfc822' && depth < deepest) return partText(body.trimStart(), depth + 1);
  if (!type.startsWith('text/') && !type.startsWith('multipart/')) return '';
  const text = decoded(body, encoding);
  return type === 'text/html' || /<html|<body|<\/font>/i.test(text) ? withoutTags(text) : text;
}

function readPart(source: string): Part {
  const end = source.startsWith('\n') ? 0 : source.indexOf('\n\n');
  const headers = (end < 0 ? source : source.slice(0, end)).replace(/\n[ \t]+/g, ' ');
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(headers)?.[1] ?? '';
  const content = field('content-type');
  return {
    type: /^[\w-]+\/[\w.+-]+/.exec(content)?.[0].toLowerCase() ?? 'text/plain',
    encoding: field('content-transfer-encoding').trim().toLowerCase(),
    boundary: /boundary="([^"]+)"|boundary=([^\s;]+)/i.exec(content)?.slice(1).find(Boolean),
    body: end < 0 ? '' : source.slice(end === 0 ? 1 : end + 2),
  };
}

/** Between the boundary's lines; what stands before the first and after the last is no part. */
function partsOf(body: string, boundary: string): string[] {
  const exact = boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const [all] = `\n${body}`.split(new RegExp(`\\n--${exact}--[ \\t]*(?=\\n|$)`), 1);
  return all.split(new RegExp(`\\n--${exact}[ \\t]*(?:\\n|$)`)).slice(1);
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('latin1');
  if (encoding !== 'quoted-printable') return body;
  return body
    .replace(/=[ \t]*\n/g, '')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function withoutTags(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<\/?[a-z!][^>]*>/gi, ' ')
    .replace(/&(?:#(\d{1,5})|([a-z]+));?/gi, (_, code: string | undefined, name: string | undefined) =>
      code ? String.fromCharCode(Number(code)) : (entities[name?.toLowerCase() ?? ''] ?? ' '),
    );
}
