import type { Route } from '@carillon/contracts';
import { MalformedError } from '@carillon/core';

/** An `Idempotency-Key` with what it was used for. */
export interface RequestKey {
  key: string;
  route: string;
  bodyHash: string;
}

const shape = /^[\x21-\x7e]{1,255}$/;

/**
 * The header's key where the route stores answers; where a repeat changes nothing anyway it is
 * checked and left. Throws MalformedError where the header cannot be honoured.
 */
export function readIdempotencyKey(route: Route, header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !shape.test(header)) {
    throw new MalformedError(
      'idempotency.key_invalid',
      'An Idempotency-Key has 1 to 255 visible ASCII characters',
    );
  }
  if (route.idempotency === 'unsupported') {
    throw new MalformedError(
      'idempotency.unsupported',
      'This call takes no Idempotency-Key: its answer is never stored',
    );
  }
  return route.idempotency === 'stored' ? header : undefined;
}
