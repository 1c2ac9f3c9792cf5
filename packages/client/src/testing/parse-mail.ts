import type { Mail } from './last-mail.ts';

/** Parts within parts, deeper than any mail that Carillon sends. */
const depthMax = 5;

interface Part {
  headers: Record<string, string>;
  body: string;
}

/** Reads a mail as far as a test looks at it: headers, and the first text and HTML part (RFC 5322, RFC 2045 to 2047). */
export function parseMail(bytes: Uint8Array): Mail {
  // One character for each byte: what the bytes mean, each part says for itself.
  const raw = Buffer.from(bytes).toString('latin1');
  const whole = splitPart(raw);
  const { from = '', to = '', subject = '' } = whole.headers;
  const leaves = leavesOf(whole, depthMax);
  const textOf = (type: string): string => {
    const part = leaves.find(({ headers }) => (headers['content-type'] ?? 'text/plain').startsWith(type));
    return part === undefined ? '' : decodeBody(part);
  };
  return {
    ...{ from: decodeWords(from), to: decodeWords(to), subject: decodeWords(subject) },
    ...{ text: textOf('text/plain'), html: textOf('text/html'), headers: whole.headers },
    raw: Buffer.from(bytes).toString('utf8'),
  };
}

function splitPart(raw: string): Part {
  const end = /\r?\n\r?\n/.exec(raw);
  const head = end === null ? raw : raw.slice(0, end.index);
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
  });
  return {
    headers: Object.fromEntries(headers),
    body: end === null ? '' : raw.slice(end.index + end[0].length),
  };
}

function leavesOf(part: Part, depth: number): Part[] {
  const type = part.headers['content-type'] ?? '';
  const boundary = /^multipart\/.*boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary === undefined || depth === 0) return [part];
  const parts = part.body.split(`--${boundary}`).slice(1, -1);
  return parts.flatMap((text) => leavesOf(splitPart(text.replace(/^\r?\n/, '')), depth - 1));
}

function decodeBody({ headers, body }: Part): string {
  const encoding = headers['content-transfer-encoding']?.toLowerCase();
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : Buffer.from(
          encoding === 'quoted-printable' ? unquote(body.replaceAll(/=\r?\n/g, '')) : body,
          'latin1',
        );
  const charset = /charset="?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  return new TextDecoder(charset).decode(bytes).replaceAll('\r\n', '\n').replace(/\n$/, '');
}

function unquote(text: string): string {
  return text.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Words in other letters within a header: `=?utf-8?Q?Gr=C3=BC=C3=9Fe?=`. Space between two of them is none. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?([\w-]+)\?([QB])\?([^?]*)\?=/gi, (_, charset: string, form: string, word: string) => {
      const isBase64 = form.toUpperCase() === 'B';
      const bytes = isBase64
        ? Buffer.from(word, 'base64')
        : Buffer.from(unquote(word.replaceAll('_', ' ')), 'latin1');
      return new TextDecoder(charset).decode(bytes);
    });
}
