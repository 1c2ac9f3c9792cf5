import type { CallOptions } from '@carillon/client';

/** Something as it was read or written, with the ETag of that state. */
export interface Tagged<T> {
  is: T;
  etag: string | undefined;
}

/** Makes a call and keeps the ETag of its answer. */
export async function tagged<T>(ask: (options: CallOptions) => Promise<T>): Promise<Tagged<T>> {
  let etag: string | undefined;
  const is = await ask({ onAnswer: (facts) => (etag = facts.etag) });
  return { is, etag };
}

/** For a change of what is shown: it is refused with 412 where somebody else has changed it meanwhile. */
export function ifStill(etag: string | undefined): Pick<CallOptions, 'ifMatch'> {
  return etag === undefined ? {} : { ifMatch: etag };
}
