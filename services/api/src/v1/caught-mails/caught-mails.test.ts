import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/test-api.ts';

const idOf = (number: number): string => `2026-03-01T08-00-0${number}.310Z-4f1c9a`;
const mail = [
  ...[
    'From: Carillon <carillon@localhost>',
    'To: ada@example.com, =?utf-8?q?Gr=C3=A4ce?= <grace@example.com>',
  ],
  ...['Subject: =?utf-8?B?QmFja3VwIPCfjok=?=', 'MIME-Version: 1.0'],
  ...['Content-Type: multipart/alternative; boundary="b"', '', '--b'],
  ...['Content-Type: text/plain; charset=utf-8', '', 'All safe.', '--b'],
  ...['Content-Type: text/html; charset=utf-8', '', '<p>All <b>safe</b>.</p>', '--b--', ''],
].join('\r\n');

let dir: string;
let api: TestApi;
let operator: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'carillon-mails-'));
  for (const number of [1, 2, 3]) writeFileSync(join(dir, `${idOf(number)}.eml`), mail);
  writeFileSync(join(dir, 'secret.eml'), 'Subject: not caught');
  writeFileSync(join(dir, `${idOf(4)}.eml.part`), 'half');
  api = await startTestApi({ CARILLON_CAUGHT_MAILS_DIR: dir });
  operator = await api.makeOperator();
});
afterAll(async () => {
  await api.stop();
  rmSync(dir, { recursive: true });
});

const get = (path: string) => api.ask('GET', path, { token: operator });

describe('GET /v1/caught-mails', () => {
  it('lists what was caught, the latest first, with its head decoded', async () => {
    const { body } = await get('/v1/caught-mails');
    expect(body.catching).toBe(true);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([idOf(3), idOf(2), idOf(1)]);
    expect(body.data[0]).toEqual({
      ...{ id: idOf(3), caught_at: '2026-03-01T08:00:03.310Z', subject: 'Backup 🎉', bytes: mail.length },
      ...{ from: 'Carillon <carillon@localhost>', to: 'ada@example.com, Gräce <grace@example.com>' },
    });
  });

  it('goes there and back by pages', async () => {
    const first = await get('/v1/caught-mails?limit=2');
    const next = await get(`/v1/caught-mails?limit=2&cursor=${first.body.next_cursor}`);
    expect(next.body).toMatchObject({ data: [{ id: idOf(1) }], next_cursor: null });
    const back = await get(`/v1/caught-mails?limit=2&cursor=${next.body.prev_cursor}`);
    expect(back.body.data).toEqual(first.body.data);
  });

  it('is not for the admin of one organization, for it does not tell them apart', async () => {
    const { token } = await api.makeUser(await api.makeOrganization(), 'admin');
    expect((await api.ask('GET', '/v1/caught-mails', { token })).body.code).toBe('auth.forbidden');
  });
});

describe('GET /v1/caught-mails/{id}', () => {
  it('tells what a mail says', async () => {
    const { body } = await get(`/v1/caught-mails/${idOf(2)}`);
    expect(body).toMatchObject({
      subject: 'Backup 🎉',
      html: expect.stringContaining('<p>All <b>safe</b>.</p>'),
    });
    expect(body.text.trim()).toBe('All safe.');
  });

  it.each([
    { name: 'a mail that was never caught', id: idOf(9), status: 404 },
    { name: 'a file of another name', id: 'secret', status: 400 },
    { name: 'a way out of the folder', id: encodeURIComponent(`../${idOf(1)}`), status: 400 },
  ])('refuses $name', async ({ id, status }) => {
    expect((await get(`/v1/caught-mails/${id}`)).status).toBe(status);
  });
});

describe('a server without a mail catcher', () => {
  it('says so, and has none', async () => {
    const plain = await startTestApi();
    try {
      const token = await plain.makeOperator();
      const { body } = await plain.ask('GET', '/v1/caught-mails', { token });
      expect(body).toEqual({ catching: false, data: [], next_cursor: null, prev_cursor: null });
      expect((await plain.ask('GET', `/v1/caught-mails/${idOf(1)}`, { token })).body.code).toBe(
        'mail.not_found',
      );
    } finally {
      await plain.stop();
    }
  });
});
