import type { IncomingMessage } from 'node:http';
import { readBytes } from '../http/read-body.ts';

/** What RFC 8058 sends is 26 bytes; as multipart it is a few hundred. */
const bytesMax = 4_096;

/**
 * The fields of a form that a browser sends, or of a mailbox's one click. What is no form of that type (RFC 8058
 * allows multipart too) has no fields that matter. Throws TooLargeError.
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const bytes = await readBytes(request, bytesMax);
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  return new URLSearchParams(type === 'application/x-www-form-urlencoded' ? bytes.toString() : '');
}
