import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { takesIfMatch, takesIfNoneMatch, v1Routes, type Route } from '@carillon/contracts';
import { startTestApi, type Actor, type Answer, type TestApi } from './test-api.ts';

const origin = 'https://app.example.com';

let api: TestApi;
let admin: Actor;
let count = 0;

beforeAll(async () => {
  api = await startTestApi({ CARILLON_ALLOWED_ORIGINS: origin });
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  await ask('POST', '/v1/templates', { key: 'told', name: 'Told' });
});
afterAll(() => api.stop());

const ask = (method: Route['method'], path: string, body?: unknown, headers = {}): Promise<Answer> =>
  api.ask(method, path, { token: admin.token, body, headers });

interface Write {
  method: Route['method'];
  path: string;
  body?: unknown;
}

/** Something that exists, where it is read, and a change of it; each number is another change. */
interface Thing {
  read: string;
  write(number: number): Write;
}

async function newTemplate(): Promise<string> {
  const made = await ask('POST', '/v1/templates', { key: `t${(count += 1)}`, name: 'New' });
  return `/v1/templates/${made.body.key}`;
}
async function newPart(): Promise<string> {
  const path = `/v1/template-parts/partial/p${(count += 1)}`;
  await ask('PUT', path, { source: 'Yours' });
  return path;
}
async function newChannel(): Promise<string> {
  const made = await ask('POST', '/v1/channels', {
    ...{ kind: 'email', name: 'New', settings: { from: 'a@example.com' } },
  });
  return `/v1/channels/${made.body.id}`;
}
/** The path of a new member. */
async function newMember(): Promise<string> {
  return `/v1/users/${(await api.makeUser(admin.organizationId, 'member')).id}`;
}
async function newPreference(): Promise<{ read: string; id: string }> {
  const read = `${await newMember()}/preferences`;
  return { read, id: (await ask('PUT', read, { category: 'news', enabled: false })).body.id };
}
async function newRule(): Promise<{ read: string; id: string }> {
  const read = `${await newMember()}/rules`;
  return { read, id: (await ask('POST', read, { type: 'notify_by_email' })).body.id };
}

/** By the operation that changes it. */
const writes: Record<string, () => Promise<Thing>> = {
  async setQuietHours() {
    const read = `${await newMember()}/quiet-hours`;
    return { read, write: (n) => ({ method: 'PUT', path: read, body: { start: `2${n}:00`, end: '07:00' } }) };
  },
  async deleteQuietHours() {
    const read = `${await newMember()}/quiet-hours`;
    await ask('PUT', read, { start: '22:00', end: '07:00' });
    return { read, write: () => ({ method: 'DELETE', path: read }) };
  },
  async putPreference() {
    const read = `${await newMember()}/preferences`;
    return {
      read,
      write: (n) => ({ method: 'PUT', path: read, body: { category: `c${n}`, enabled: true } }),
    };
  },
  async putPreferences() {
    const { read } = await newPreference();
    const body = (n: number) => ({ preferences: [{ category: `c${n}`, enabled: true }] });
    return { read, write: (n) => ({ method: 'POST', path: `${read}/bulk`, body: body(n) }) };
  },
  async deletePreference() {
    const { read, id } = await newPreference();
    return { read, write: () => ({ method: 'DELETE', path: `${read}/${id}` }) };
  },
  async putTemplatePreference() {
    const user = await newMember();
    const body = (n: number) => ({
      template: 'told',
      kind: n % 2 === 0 ? 'email' : 'webhook',
      enabled: n > 1,
    });
    return {
      read: `${user}/preferences`,
      write: (n) => ({ method: 'PUT', path: `${user}/template-preferences`, body: body(n) }),
    };
  },
  async deleteTemplatePreference() {
    const user = await newMember();
    const path = `${user}/template-preferences`;
    const { body } = await ask('PUT', path, { template: 'told', enabled: false });
    return { read: `${user}/preferences`, write: () => ({ method: 'DELETE', path: `${path}/${body.id}` }) };
  },
  async setRules() {
    const { read } = await newRule();
    const body = (n: number) => ({ steps: [{ type: 'wait', wait_seconds: 60 + n }] });
    return { read, write: (n) => ({ method: 'PUT', path: read, body: body(n) }) };
  },
  async updateRule() {
    const { read, id } = await newRule();
    const body = (n: number) => ({ position: n + 1 });
    return { read, write: (n) => ({ method: 'PATCH', path: `${read}/${id}`, body: body(n) }) };
  },
  async deleteRule() {
    const { read, id } = await newRule();
    return { read, write: () => ({ method: 'DELETE', path: `${read}/${id}` }) };
  },
  async updateTemplate() {
    const read = await newTemplate();
    return { read, write: (n) => ({ method: 'PATCH', path: read, body: { name: `Name ${n}` } }) };
  },
  async deleteTemplate() {
    const read = await newTemplate();
    return { read, write: () => ({ method: 'DELETE', path: read }) };
  },
  async putTemplatePart() {
    const read = await newPart();
    return { read, write: (n) => ({ method: 'PUT', path: read, body: { source: `Yours ${n}` } }) };
  },
  async deleteTemplatePart() {
    const read = await newPart();
    return { read, write: () => ({ method: 'DELETE', path: read }) };
  },
  async updateChannel() {
    const read = await newChannel();
    const body = (n: number) => ({ settings: { from: `${n}@example.com` } });
    return { read, write: (n) => ({ method: 'PATCH', path: read, body: body(n) }) };
  },
  async deleteChannel() {
    const read = await newChannel();
    return { read, write: () => ({ method: 'DELETE', path: read }) };
  },
};

const send = ({ method, path, body }: Write, ifMatch?: string): Promise<Answer> =>
  ask(method, path, body, ifMatch === undefined ? {} : { 'If-Match': ifMatch });
const etagAt = async (path: string): Promise<string> => (await ask('GET', path)).headers['etag'] ?? 'none';

it('tries every call that takes If-Match', () => {
  const taking = v1Routes.filter(takesIfMatch).map((route) => route.operationId);
  expect(Object.keys(writes).toSorted()).toEqual(taking.toSorted());
});

describe.each(Object.entries(writes))('%s', (_operationId, make) => {
  it('goes through with the ETag of the present state, and with *', async () => {
    const one = await make();
    const changed = await send(one.write(1), await etagAt(one.read));
    expect([200, 204]).toContain(changed.status);
    const other = await make();
    expect([200, 204]).toContain((await send(other.write(1), '*')).status);
  });

  it('is refused with another ETag, and changes nothing', async () => {
    const { read, write } = await make();
    const before = await ask('GET', read);
    const refused = await send(write(1), '"another"');
    expect(refused.body).toMatchObject({ code: 'precondition.failed', status: 412 });
    expect(refused.body.detail).toContain(before.headers['etag']);
    expect((await ask('GET', read)).text).toBe(before.text);
  });

  it('is refused with a header that is no ETag, instead of going on without', async () => {
    const { read, write } = await make();
    const before = await ask('GET', read);
    const refused = await send(write(1), (before.headers['etag'] ?? '').replaceAll('"', ''));
    expect(refused.body).toMatchObject({ code: 'request.invalid', status: 400 });
    expect(refused.body.detail).toContain('If-Match');
    expect((await ask('GET', read)).text).toBe(before.text);
  });

  it('goes through once, when several who have seen the same state come at the same time', async () => {
    const { read, write } = await make();
    const etag = await etagAt(read);
    const answers = await Promise.all([0, 1, 2, 3].map((number) => send(write(number), etag)));
    const passed = answers.filter(({ status }) => status < 300);
    expect(passed).toHaveLength(1);
    // Where the one that passed removed it, the others find nothing.
    for (const { status } of answers.filter((one) => !passed.includes(one)))
      expect([404, 412]).toContain(status);
  });

  it('goes through without the header, whatever was seen', async () => {
    const { write } = await make();
    expect([200, 204]).toContain((await send(write(1))).status);
  });
});

describe('what has an ETag', () => {
  const paths: Record<string, () => Promise<string>> = {
    listPreferences: async () => `${await newMember()}/preferences`,
    getQuietHours: async () => `${await newMember()}/quiet-hours`,
    getRules: async () => `${await newMember()}/rules`,
    getTemplate: newTemplate,
    async getTemplateVersion() {
      const template = await newTemplate();
      await ask('POST', `${template}/versions`, { variants: [{ title: 'Hello' }] });
      return `${template}/versions/1`;
    },
    getTemplatePart: newPart,
    getChannel: newChannel,
  };

  it('is tried here without exception', () => {
    const taking = v1Routes.filter(takesIfNoneMatch).map((route) => route.operationId);
    expect(Object.keys(paths).toSorted()).toEqual(taking.toSorted());
  });

  it.each(Object.entries(paths))('is not sent again by %s to who has it', async (_operationId, makePath) => {
    const path = await makePath();
    const first = await ask('GET', path);
    const etag = first.headers['etag'] ?? '';
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const again = await ask('GET', path, undefined, { 'If-None-Match': `"x", W/${etag}` });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers['etag']).toBe(etag);
    const anew = await ask('GET', path, undefined, { 'If-None-Match': '"x"' });
    expect(anew.text).toBe(first.text);
  });

  it.each(['setQuietHours', 'setRules', 'updateTemplate', 'putTemplatePart', 'updateChannel'])(
    'has after %s the one that its answer told, so that the next change needs no read',
    async (operationId) => {
      const thing = await writes[operationId]?.();
      const changed = await send(thing?.write(1) ?? { method: 'GET', path: '/livez' });
      expect(changed.headers['etag']).toBe(await etagAt(thing?.read ?? ''));
      const next = await send(thing?.write(2) ?? { method: 'GET', path: '/livez' }, changed.headers['etag']);
      expect(next.status).toBe(200);
      expect(next.headers['etag']).not.toBe(changed.headers['etag']);
    },
  );

  it('changes for a template with a new version, and with its publishing', async () => {
    const path = await newTemplate();
    const tags = [await etagAt(path)];
    await ask('POST', `${path}/versions`, { variants: [{ title: 'Hello' }] });
    tags.push(await etagAt(path));
    await ask('POST', `${path}/versions/1/publish`);
    tags.push(await etagAt(path));
    expect(new Set(tags).size).toBe(3);
    expect((await ask('PATCH', path, { name: 'x' }, { 'If-Match': tags[1] })).status).toBe(412);
  });

  it('hides the secret of a channel and yet changes with it', async () => {
    const made = await ask('POST', '/v1/channels', {
      ...{ kind: 'webhook', name: 'Hook', settings: { url: 'https://93.184.216.34/hook' } },
    });
    const path = `/v1/channels/${made.body.id}`;
    const before = await etagAt(path);
    const turned = await ask('PATCH', path, { settings: { secret: null } });
    expect(turned.body.generated.secret).toMatch(/^whsec_/);
    expect(turned.headers['etag']).not.toBe(before);
    expect(turned.headers['etag']).toBe(await etagAt(path));
  });

  it('is for pages of allowed origins too', async () => {
    const headers = { Origin: origin, Authorization: `Bearer ${admin.token}` };
    const answer = await fetch(`${api.url}/v1/users/me/quiet-hours`, { headers });
    expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
    const asking = { Origin: origin, 'Access-Control-Request-Method': 'PUT' };
    const preflight = await fetch(`${api.url}/v1/users/me/quiet-hours`, {
      method: 'OPTIONS',
      headers: asking,
    });
    const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['If-Match', 'If-None-Match']));
  });
});
