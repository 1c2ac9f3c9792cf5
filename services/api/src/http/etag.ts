import { createHash } from 'node:crypto';
import { MalformedError, PreconditionFailedError } from '@carillon/core';

/** The ETags of an `If-Match`, as they came; `*` alone stands for any state. */
export type IfMatch = readonly string[];

/**
 * Called before a write with what is there, in the transaction of the write and with the lock that every writer of
 * it takes: so of two who have seen the same state only one passes. Throws PreconditionFailedError.
 */
export type Guard<Current> = (current: Current) => void;

/**
 * The strong ETag (RFC 9110, section 8.8.3) of what a GET answers: a hash, so that there is no version to keep, and
 * that states which look the same are the same. Secrets are not in it, because answers show none.
 */
export function etagOf(representation: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(representation)).digest('base64url');
  return `"${hash.slice(0, 22)}"`;
}

// RFC 9110, sections 8.8.3 and 5.6.1; characters beyond ASCII, which ours never have, are left out.
const tag = String.raw`(?:W\/)?"[\x21\x23-\x7e]*"`;
const tagList = new RegExp(String.raw`^${tag}(?:[ \t]*,[ \t]*${tag})*$`);
const oneTag = new RegExp(tag, 'g');

function readTags(header: string): string[] | undefined {
  const text = header.trim();
  if (text === '*') return ['*'];
  return tagList.test(text) ? (text.match(oneTag) ?? []) : undefined;
}

/** Throws MalformedError: who sends a precondition must not be served as if there were none. */
export function readIfMatch(header: string | undefined): IfMatch | undefined {
  if (header === undefined) return undefined;
  const tags = readTags(header);
  if (tags !== undefined) return tags;
  throw new MalformedError(
    'request.invalid',
    'If-Match must be the ETag of an answer with its quotes, several with commas between them, or *',
  );
}

/** Undefined without the header. `represent` makes of what is there what a GET would answer. */
export function guardOf<Current>(
  ifMatch: IfMatch | undefined,
  represent: (current: Current) => unknown,
): Guard<Current> | undefined {
  if (ifMatch === undefined) return undefined;
  return (current) => {
    const now = etagOf(represent(current));
    // Strong comparison: a weak tag is never the same (RFC 9110, section 13.1.1).
    if (ifMatch.includes('*') || ifMatch.includes(now)) return;
    throw new PreconditionFailedError(
      'precondition.failed',
      `If-Match names another state than the present one, which is ${now}: read it again before changing it`,
    );
  };
}

/** Whether somebody who has these states has this one too; compared weakly (RFC 9110, section 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch === undefined ? [] : (readTags(ifNoneMatch) ?? []);
  return tags.some((one) => one === '*' || one.replace(/^W\//, '') === etag);
}
