import type { Readable } from 'node:stream';
import DKIM from 'nodemailer/lib/dkim';
import type { DkimKey } from './dkim.ts';

/**
 * What the signature covers. RFC 8058 section 4 asks for both headers of unsubscribing, and the library's own list
 * leaves List-Unsubscribe-Post out: then mailboxes show no button.
 */
const signedHeaders = [
  ...['From', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'To', 'MIME-Version', 'Content-Type'],
  ...['Content-Transfer-Encoding', 'Auto-Submitted', 'List-Unsubscribe', 'List-Unsubscribe-Post'],
].join(':');

/** Signs a mail's bytes with one key. */
export class Signing {
  readonly #dkim: DKIM;

  constructor({ domain, selector, privateKey }: DkimKey) {
    this.#dkim = new DKIM({
      ...{ domainName: domain, keySelector: selector, privateKey },
      headerFieldNames: signedHeaders,
    });
  }

  /** Passes the bytes on when it has read them all, with the signature as their first header. */
  readonly sign = (input: Readable): Readable => this.#dkim.sign(input);
}
