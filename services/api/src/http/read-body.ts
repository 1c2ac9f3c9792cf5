import type { IncomingMessage } from 'node:http';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { MalformedError, TooLargeError, UnsupportedMediaTypeError } from '@carillon/core';

/** A body as it came, and parsed. */
export interface ReadBody {
  text: string;
  value: unknown;
}

/** Deeper JSON is refused before it is parsed, unless told otherwise. */
const depthMaxDefault = 32;

/**
 * Reads a JSON body. Undefined when there is none. Throws TooLargeError past `bytesMax` (judged by
 * what arrives, not by what was announced), UnsupportedMediaTypeError, and MalformedError with line and
 * column. `anyType` takes a body for JSON whatever its type says; `depthMax` are the levels that it may have.
 */
export async function readJsonBody(
  request: IncomingMessage,
  bytesMax: number,
  { anyType = false, depthMax = depthMaxDefault }: { anyType?: boolean; depthMax?: number | undefined } = {},
): Promise<ReadBody | undefined> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > bytesMax) throw tooLarge(bytesMax);
  const bytes = await readBytes(request, bytesMax);
  if (bytes.length === 0) return undefined;
  if (!anyType) checkMediaType(request);
  const text = decode(bytes);
  return { text, value: parseJson(text, depthMax) };
}

/** The whole body. Throws TooLargeError past `bytesMax`, MalformedError when it was cut off. */
export function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > bytesMax) {
        request.removeAllListeners('data');
        request.resume(); // what still comes is read and dropped, so that the answer can be sent
        reject(tooLarge(bytesMax));
      } else chunks.push(chunk);
    });
    request.on('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)),
    );
    request.on('error', reject);
    request.on('aborted', () => reject(new MalformedError('request.malformed', 'The request was cut off')));
  });
}

function tooLarge(bytesMax: number): TooLargeError {
  return new TooLargeError('request.too_large', `The body may have ${Math.round(bytesMax / 1024)} KiB`);
}

function checkMediaType(request: IncomingMessage): void {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (type === 'application/json' && encoding === 'identity') return;
  throw new UnsupportedMediaTypeError(
    'request.unsupported_media_type',
    'Send the body as `Content-Type: application/json` in UTF-8, not compressed',
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new MalformedError('request.malformed', 'The body is not valid UTF-8', { cause });
  }
}

function parseJson(text: string, depthMax: number): unknown {
  checkDepth(text, depthMax);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedError('request.malformed', `The body is not JSON: ${describe(text)}`, { cause });
  }
}

/** Counts brackets outside of strings; costs a tenth of parsing. */
function checkDepth(text: string, depthMax: number): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > depthMax) {
        throw new MalformedError(
          'request.malformed',
          `The body is nested deeper than ${depthMax} levels at ${placeOf(text, index)}`,
        );
      }
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
}

/** The platform's parser does not always say where; this one does, and is only asked about what is wrong. */
function describe(text: string): string {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first === undefined) return 'it ends too early';
  const words = printParseErrorCode(first.error).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return `${words.toLowerCase()} at ${placeOf(text, first.offset)}`;
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
