import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Email } from 'postal-mime';
import { NotFoundError } from '@carillon/core';
import type { ApiDeps } from '../deps.ts';

/** What the head of a mail says. */
export interface CaughtMail {
  id: string;
  from: string;
  to: string;
  subject: string;
  bytes: number;
}

/** The same with what it says. */
export interface CaughtMailContent extends CaughtMail {
  text: string;
  html: string;
}

export interface CaughtMailPage {
  limit: number;
  /** Keyset over the names: `next` are the older mails, `prev` the newer ones, nearest first. */
  edge: { id: string; direction: 'next' | 'prev' } | undefined;
}

/** As the mail sink of the local stack names its files: no name leads anywhere else. */
const nameShape = /^(\d{4}-\d{2}-\d{2}T[\d-]{8}\.\d{3}Z-[0-9a-f]{6})\.eml$/;
/** Enough for every header that a list shows. */
const headBytes = 16 * 1024;

/** One page of what was caught, the latest first; undefined where there is no mail catcher. */
export async function listCaughtMails(
  { config }: Pick<ApiDeps, 'config'>,
  { limit, edge }: CaughtMailPage,
): Promise<CaughtMail[] | undefined> {
  const dir = config.caughtMailsDir;
  if (dir === undefined) return undefined;
  const ids = (await readdir(dir)).flatMap((name) => nameShape.exec(name)?.[1] ?? []).sort();
  const isNext = edge?.direction !== 'prev';
  const beyond = ids.filter((id) => edge === undefined || (isNext ? id < edge.id : id > edge.id));
  const nearest = isNext ? beyond.toReversed() : beyond;
  return Promise.all(nearest.slice(0, limit).map((id) => readHead(join(dir, `${id}.eml`), id)));
}

/** Throws NotFoundError. */
export async function getCaughtMail(
  { config }: Pick<ApiDeps, 'config'>,
  id: string,
): Promise<CaughtMailContent> {
  const dir = config.caughtMailsDir;
  const source =
    dir === undefined || !nameShape.test(`${id}.eml`)
      ? undefined
      : await readFile(join(dir, `${id}.eml`)).catch(undefinedIfAbsent);
  if (source === undefined) throw new NotFoundError('mail.not_found', 'There is no such mail');
  const mail = await parse(source);
  return { ...headOf(id, mail, source.length), text: mail.text ?? '', html: mail.html ?? '' };
}

async function readHead(path: string, id: string): Promise<CaughtMail> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(headBytes) });
    const head = buffer.subarray(0, bytesRead);
    const end = head.indexOf('\r\n\r\n');
    return headOf(id, await parse(end < 0 ? head : head.subarray(0, end + 4)), (await stat(path)).size);
  } finally {
    await file.close();
  }
}

/** Loaded where somebody reads mails, which nobody does but in the local stack. */
async function parse(source: Uint8Array): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime');
  return PostalMime.parse(source, { maxNestingDepth: 20 });
}

function headOf(id: string, { from, to, subject = '' }: Email, bytes: number): CaughtMail {
  return { id, from: told(from), to: (to ?? []).map(told).join(', '), subject, bytes };
}

function told(address: Email['from']): string {
  if (address === undefined) return '';
  const { name, address: mailbox } = address;
  if (mailbox === undefined) return name;
  return name === '' ? mailbox : `${name} <${mailbox}>`;
}

function undefinedIfAbsent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
