import type { Router } from 'express';
import {
  caughtMailLengthMax,
  getCaughtMail as getCaughtMailRoute,
  listCaughtMails as listCaughtMailsRoute,
  type CaughtMail as CaughtMailObject,
} from '@carillon/contracts';
import { getCaughtMail, listCaughtMails, type CaughtMail } from '../../actions/caught-mails.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, noStore } from '../../http/bind.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';

const scope = 'caught-mails';

/** What the mail catcher of the local stack keeps. */
export function mountCaughtMails(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, listCaughtMailsRoute, async ({ query }) => {
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const edge =
      cursor === undefined ? undefined : { id: String(cursor.key[0]), direction: cursor.direction };
    const rows = await listCaughtMails(deps, { limit: query.limit + 1, edge });
    const page = toPage(
      rows ?? [],
      { limit: query.limit, cursor },
      (row) => [row.id],
      (c) => cursors.write(scope, c),
    );
    const body = { catching: rows !== undefined, ...page, data: page.data.map(fromMail) };
    return { status: 200, body, headers: noStore };
  });

  bind(deps, router, getCaughtMailRoute, async ({ params }) => {
    const mail = await getCaughtMail(deps, params.id);
    const [text, html] = [mail.text, mail.html].map((part) => part.slice(0, caughtMailLengthMax));
    return { status: 200, body: { ...fromMail(mail), text, html }, headers: noStore };
  });
}

const headerLengthMax = 4096;

function fromMail({ id, from, to, subject, bytes }: CaughtMail): CaughtMailObject {
  const [fromText = '', toText = '', subjectText = ''] = [from, to, subject].map((text) =>
    text.slice(0, headerLengthMax),
  );
  return { id, caught_at: instantOf(id), from: fromText, to: toText, subject: subjectText, bytes };
}

/** The name begins with the time, with hyphens in the place of colons. */
function instantOf(id: string): string {
  return id.slice(0, 24).replace(/T(\d{2})-(\d{2})-/, 'T$1:$2:');
}
