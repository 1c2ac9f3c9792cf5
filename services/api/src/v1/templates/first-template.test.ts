import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

const page = await readFile(new URL('../../../../../docs/templates.md', import.meta.url), 'utf8');

/** The JSON of the page that stands in the block of this name. */
function block(name: string): unknown {
  const [, text = ''] = new RegExp(`^\`\`\`json ${name}\\n(.*?)^\`\`\``, 'ms').exec(page) ?? [];
  return JSON.parse(text);
}

let api: TestApi;
let admin: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  await runSql(api.databaseUrl, `update organizations set name = 'Example' where id = $1`, [organizationId]);
  admin = await api.makeUser(organizationId, 'admin');
  await runSql(api.databaseUrl, `update users set external_id = 'ada', locale = 'en' where id = $1`, [
    admin.id,
  ]);
});
afterAll(() => api.stop());

describe('the example of docs/templates.md', () => {
  it('does step by step what the page says', async () => {
    const { token } = admin;
    const ask = (method: 'POST' | 'PUT', path: string, body?: unknown) =>
      api.ask(method, `/v1${path}`, { token, body });
    const signature = { source: 'Yours, {{organization.name}}' };
    expect(page).toContain(signature.source);
    await ask('PUT', '/template-parts/partial/signature', signature);
    const template = { key: 'build-failed', name: 'Build failed' };
    expect((await ask('POST', '/templates', template)).status).toBe(201);
    expect((await ask('POST', '/templates/build-failed/versions', block('version'))).status).toBe(201);
    const preview = await ask('POST', '/templates/build-failed/preview', {});
    expect(preview.body).toMatchObject(block('preview') as object);
    const german = await ask('POST', '/templates/build-failed/preview', { locale: 'de-AT' });
    expect(german.body.title).toBe('Build 7 von engine_* ist gescheitert');
    expect((await ask('POST', '/templates/build-failed/versions/1/publish')).status).toBe(200);
    expect((await ask('POST', '/notifications', block('create'))).status).toBe(202);
  });
});
