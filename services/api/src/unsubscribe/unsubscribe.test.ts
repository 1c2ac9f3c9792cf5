import { createUnsubscribeTokens } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type Actor, type TestApi } from '../../test/test-api.ts';

const secretKey = Buffer.alloc(32, 7);
const tokens = createUnsubscribeTokens({ key: secretKey });
let api: TestApi;
let admin: Actor;

beforeAll(async () => {
  api = await startTestApi({ CARILLON_SECRET_KEY: secretKey.toString('base64') });
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  const categories = {
    builds: { name: 'Builds & <tests>' },
    security: { name: 'Security', mandatory: true },
    news: { name: 'News', default_enabled: false },
  };
  for (const [key, body] of Object.entries(categories)) {
    await api.ask('PUT', `/v1/categories/${key}`, { token: admin.token, body });
  }
});
afterAll(() => api.stop());

interface Person extends Actor {
  /** Path of the page for a category. */
  page(category: string, kind?: string): string;
  /** What holds by email: category → on or off. */
  byEmail(category: string, template?: string): Promise<{ email: boolean; inbox: boolean }>;
}

async function makePerson(locale = 'en'): Promise<Person> {
  const actor = await api.makeUser(admin.organizationId, 'member');
  await runSql(api.databaseUrl, 'update users set locale = $2 where id = $1', [actor.id, locale]);
  const { organizationId, id: userId, token } = actor;
  return {
    ...actor,
    page: (category, kind = 'email') => `/u/${tokens.write({ organizationId, userId, kind, category })}`,
    async byEmail(category, template) {
      const query = new URLSearchParams({ category, ...(template !== undefined && { template }) });
      const path = `/v1/users/me/preferences/effective?${query}`;
      const rows: { kind: string; enabled: boolean }[] = (await api.ask('GET', path, { token })).body.data;
      const of = (kind: string) => rows.find((row) => row.kind === kind)?.enabled ?? false;
      return { email: of('email'), inbox: of('inbox') };
    },
  };
}

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.url}${path}`, { headers });
/** As a mailbox does it (RFC 8058), or as the form of the page. */
const post = (path: string, body: FormBody = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })) =>
  fetch(`${api.url}${path}`, { method: 'POST', body, redirect: 'manual' });
type FormBody = URLSearchParams | FormData | string;
const form = (mails: 'on' | 'off') => new URLSearchParams({ mails });
const headingOf = (html: string) => /<h1[^>]*>(.*?)<\/h1>/.exec(html)?.[1];

describe('the page behind the link of a mail', () => {
  it('says what would be switched off, and switches nothing', async () => {
    const ada = await makePerson();
    const answer = await get(ada.page('builds'));
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(headingOf(html)).toBe('Stop e-mails about “Builds &#38; &#60;tests&#62;”?');
    expect(html).toContain('<button>Stop these e-mails</button>');
    expect(await ada.byEmail('builds')).toEqual({ email: true, inbox: true });
  });

  it('needs no script, loads nothing, is kept by nobody and can be framed by nobody', async () => {
    const answer = await get((await makePerson()).page('builds'));
    const html = await answer.text();
    expect(html).not.toMatch(/<script|javascript:|https?:|style="|\son\w+=/);
    expect(html).toMatch(/<html lang="en"[^>]*>/);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-.*form-action 'self'.*frame-ancestors 'none'/,
      ),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it.each([
    { locale: 'de-AT', heading: 'E-Mails zu „News“ abbestellen?' },
    { locale: 'fr', heading: 'Ne plus recevoir d’e-mails sur « News » ?' },
    { locale: 'tlh', heading: 'Stop e-mails about “News”?' },
  ])('speaks the language of its reader: $locale', async ({ locale, heading }) => {
    const html = await (await get((await makePerson(locale)).page('news'))).text();
    expect(headingOf(html)).toBe(heading);
  });

  it.each([
    { name: 'one that somebody made up', path: () => '/u/abc' },
    { name: 'one that was cut off', path: (ada: Person) => ada.page('builds').slice(0, -3) },
    { name: 'one of a kind that there is not', path: (ada: Person) => ada.page('builds', 'pigeon') },
    { name: 'one of another installation', path: (ada: Person) => foreignPage(ada) },
  ])('says that a link does not work: $name', async ({ path }) => {
    const ada = await makePerson();
    for (const answer of [
      await get(path(ada), { 'Accept-Language': 'nl, en;q=0.5' }),
      await post(path(ada)),
    ]) {
      expect(answer.status).toBe(404);
      expect(headingOf(await answer.text())).toMatch(/^(Deze link werkt niet|This link does not work)/);
    }
    expect(await ada.byEmail('builds')).toEqual({ email: true, inbox: true });
  });

  it('says the same when its user is gone', async () => {
    const ada = await makePerson();
    await api.ask('DELETE', `/v1/users/${ada.id}`, { token: admin.token });
    expect([(await get(ada.page('builds'))).status, (await post(ada.page('builds'))).status]).toEqual([
      404, 404,
    ]);
  });

  function foreignPage({ organizationId, id: userId }: Actor): string {
    const others = createUnsubscribeTokens({ key: Buffer.alloc(32, 8) });
    return `/u/${others.write({ organizationId, userId, kind: 'email', category: 'builds' })}`;
  }
});

describe('one click', () => {
  it.each<{ name: string; body: () => FormBody | undefined }>([
    { name: 'of a mailbox', body: () => undefined },
    {
      name: 'of a mailbox that sends multipart',
      body: () => {
        const data = new FormData();
        data.set('List-Unsubscribe', 'One-Click');
        return data;
      },
    },
    { name: 'of the button', body: () => form('off') },
  ])('$name switches this category off by mail, and nothing else', async ({ body }) => {
    const ada = await makePerson();
    const answer = await post(ada.page('builds'), body());
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    expect(headingOf(await answer.text())).toBe(
      'You no longer get e-mails about “Builds &#38; &#60;tests&#62;”.',
    );
    expect(await ada.byEmail('builds')).toEqual({ email: false, inbox: true });
    expect(await ada.byEmail('general')).toEqual({ email: true, inbox: true });
    expect(await (await makePerson()).byEmail('builds')).toEqual({ email: true, inbox: true });
  });

  it('a second time changes nothing, and can be taken back', async () => {
    const ada = await makePerson();
    await post(ada.page('builds'));
    const again = await (await post(ada.page('builds'))).text();
    expect(again).toContain('name="mails" value="on"');
    const back = await (await post(ada.page('builds'), form('on'))).text();
    expect(headingOf(back)).toBe('You get e-mails about “Builds &#38; &#60;tests&#62;” again.');
    expect(await ada.byEmail('builds')).toEqual({ email: true, inbox: true });
    const { body } = await api.ask('GET', '/v1/users/me/preferences', { token: ada.token });
    expect(body.data).toEqual([]);
  });

  it('is refused in plain words for what is mandatory', async () => {
    const ada = await makePerson();
    const answer = await post(ada.page('security'));
    const html = await answer.text();
    expect(answer.status).toBe(409);
    expect(headingOf(html)).toBe('E-mails about “Security” are required. They cannot be switched off.');
    expect(html).not.toContain('<form');
    expect((await get(ada.page('security'))).status).toBe(200);
    expect(await ada.byEmail('security')).toEqual({ email: true, inbox: true });
  });

  it('for all of them leaves what is mandatory', async () => {
    const ada = await makePerson();
    const html = await (await post(ada.page(''))).text();
    expect(headingOf(html)).toBe('You no longer get e-mails, except those that are required.');
    expect(await ada.byEmail('builds')).toEqual({ email: false, inbox: true });
    expect(await ada.byEmail('security')).toEqual({ email: true, inbox: true });
    await post(ada.page(''), form('on'));
    expect(await ada.byEmail('builds')).toEqual({ email: true, inbox: true });
  });

  it('switches on, when it is taken back, what is off by default', async () => {
    const ada = await makePerson();
    await setPreference(ada, { category: 'news', kind: 'email', enabled: true });
    await post(ada.page('news'));
    expect(await ada.byEmail('news')).toMatchObject({ email: false });
    await post(ada.page('news'), form('on'));
    expect(await ada.byEmail('news')).toMatchObject({ email: true });
  });

  it('reaches what was switched on for a part, gives it back, and keeps quiet hours', async () => {
    const ada = await makePerson();
    const template = await makeTemplate('builds');
    const quiet = { quiet_hours: { start: '22:00', end: '07:00', zone: 'UTC' } };
    await setPreference(ada, { category: 'builds', kind: 'email', ...quiet });
    await setPreference(ada, { category: 'builds', kind: 'email', environment: 'prod', enabled: true });
    await setPreference(ada, { category: 'builds', kind: 'email', environment: 'dev', enabled: false });
    await api.ask('PUT', '/v1/users/me/template-preferences', {
      ...{ token: ada.token, body: { template, enabled: true } },
    });
    expect(await ada.byEmail('builds', template)).toEqual({ email: true, inbox: true });
    await Promise.all([post(ada.page('builds')), post(ada.page('builds'))]);
    expect(await enabledRows(ada)).toEqual({ '': false, prod: false, dev: false });
    expect(await ada.byEmail('builds', template)).toEqual({ email: false, inbox: true });
    await post(ada.page('builds'), form('on'));
    expect(await enabledRows(ada)).toEqual({ '': null, prod: true, dev: false });
    expect(await ada.byEmail('builds', template)).toEqual({ email: true, inbox: true });
  });

  it('has its limit: so many changes are nobody’s will', async () => {
    const ada = await makePerson();
    const statuses: number[] = [];
    for (let count = 0; count < 21; count += 1) statuses.push((await post(ada.page('builds'))).status);
    expect(statuses.slice(0, 20).every((status) => status === 200)).toBe(true);
    expect(statuses[20]).toBe(429);
    expect((await get(ada.page('builds'))).status).toBe(200);
  });

  it('takes no body that is longer than a form', async () => {
    const answer = await post((await makePerson()).page('builds'), 'x'.repeat(5_000));
    expect(answer.status).toBe(413);
  });

  it('stands in the log by ids, never by the link', async () => {
    const ada = await makePerson();
    const path = ada.page('builds');
    await post(path);
    expect(api.logged()).not.toContain(path.slice('/u/'.length));
    expect(api.logged()).toMatch(new RegExp(`"event":"unsubscribe.switched_off"[^\\n]*${ada.id}`));
  });

  async function setPreference({ token }: Actor, body: object): Promise<void> {
    const { status } = await api.ask('PUT', '/v1/users/me/preferences', { token, body });
    expect(status).toBe(200);
  }

  async function enabledRows({ token }: Actor): Promise<Record<string, boolean | null>> {
    const { body } = await api.ask('GET', '/v1/users/me/preferences', { token });
    const rows: { environment: string; enabled: boolean | null; quiet_hours: unknown }[] = body.data;
    expect(rows.filter((row) => row.quiet_hours !== null)).toHaveLength(1);
    return Object.fromEntries(rows.map((row) => [row.environment, row.enabled]));
  }

  async function makeTemplate(category: string): Promise<string> {
    const body = { key: `t-${category}`, name: 'T', category };
    return (await api.ask('POST', '/v1/templates', { token: admin.token, body })).body.key;
  }
});
