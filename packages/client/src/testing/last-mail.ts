import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMail } from './parse-mail.ts';
import { poll } from './poll.ts';

/** A mail as the local mail server got it. */
export interface Mail {
  from: string;
  to: string;
  subject: string;
  /** The plain text; empty where there is none. */
  text: string;
  html: string;
  /** Every header by its name in small letters. */
  headers: Readonly<Record<string, string>>;
  raw: string;
}

export interface MailWish {
  /** Only to this address. */
  to?: string;
  subject?: string | RegExp;
  /** How long to wait for it; 10,000 unless told. */
  withinMs?: number;
}

/** The newest mail in the directory that is as wished. Rejects when none comes, and says which there are. */
export async function lastMail(dir: string, wish: MailWish = {}): Promise<Mail> {
  const { to, subject, withinMs = 10_000 } = wish;
  let all: Mail[] = [];
  const isWished = (mail: Mail): boolean =>
    (to === undefined || mail.to.toLowerCase().includes(to.toLowerCase())) &&
    (subject === undefined ||
      (typeof subject === 'string' ? mail.subject === subject : subject.test(mail.subject)));
  const found = await poll(async () => {
    all = readMails(dir);
    return all.findLast(isWished);
  }, withinMs);
  if (found !== undefined) return found;
  const list = all.map((mail) => `  ${mail.to}: ${JSON.stringify(mail.subject)}`);
  throw new Error(`No such mail within ${withinMs} ms. Mails that came: ${list.length}\n${list.join('\n')}`);
}

/** In the order in which they came: the names of the files begin with the time. */
function readMails(dir: string): Mail[] {
  const names = readdirSync(dir).filter((name) => name.endsWith('.eml'));
  return names.sort().map((name) => parseMail(readFileSync(join(dir, name))));
}
