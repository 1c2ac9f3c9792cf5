import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

/** What a server answered, as it came. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

const livenessMs = 20_000;

/** Asks a server and reads what it answers; not by `fetch`, which refuses to ask for an upgrade and tidies paths up. */
export function sendRaw(
  url: URL,
  method: string,
  path: string,
  { headers = {}, query }: { headers?: Record<string, string>; query?: string },
  body?: string | Buffer,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      ...{
        host: url.hostname,
        port: url.port,
        method,
        path: `${path}${query === undefined ? '' : `?${query}`}`,
      },
      headers: {
        ...(body !== undefined && {
          ...{ 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) },
        }),
        ...headers,
      },
      signal: AbortSignal.timeout(livenessMs),
    });
    request.on('error', reject);
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error(`${method} ${path} was upgraded`));
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: given } = response;
        resolve({ status, headers: given, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(body);
  });
}
