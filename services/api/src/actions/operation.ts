import { createHash } from 'node:crypto';
import { buildOpenApi } from '@carillon/contracts';
import { version } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';

/** A text that is the same for the life of the process. */
export interface FixedText {
  text: string;
  /** Strong entity tag. */
  etag: string;
}

/** The OpenAPI document as it is served; made once, when it is first asked for, so that no start waits for it. */
export function renderOpenApi({ config }: Pick<ApiDeps, 'config'>): FixedText {
  let made: FixedText | undefined;
  const get = (): FixedText =>
    (made ??= fixed(JSON.stringify(buildOpenApi({ version, publicUrl: config.publicUrl }))));
  return {
    get text() {
      return get().text;
    },
    get etag() {
      return get().etag;
    },
  };
}

export function fixed(text: string): FixedText {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
