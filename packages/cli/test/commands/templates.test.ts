import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startTestApi, type Actor, type TestApi } from '../../../../services/api/test/test-api.ts';
import { makeDir, parseLines, runCommand, type Ran } from './run-command.ts';

let api: TestApi;
let admin: Actor;
let dir: string;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  dir = join(makeDir(), 'templates');
});

const templates = (...args: string[]): Promise<Ran> =>
  runCommand(['templates', ...args], { environment: { CARILLON_URL: api.url, CARILLON_TOKEN: admin.token } });
const ask = async (method: 'GET' | 'PUT' | 'POST' | 'PATCH', path: string, body?: unknown) =>
  (await api.ask(method, path, { token: admin.token, body })).body;
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), text);
};
const read = (file: string): string => readFileSync(join(dir, file), 'utf8');

/** A directory with a template of two texts, a layout and two partials, one of them within the other. */
function writeExample(): void {
  write(
    'build-failed/template.json',
    JSON.stringify({ name: 'Build failed', group: 'Builds', layout: 'frame' }),
  );
  write(
    'build-failed/default.md',
    '---\ntitle: Build {{number}} failed\n---\n{{errors}} errors {{> signature}}\n',
  );
  write('build-failed/email.de.md', '---\ntitle: Build {{number}} gescheitert\n---\n');
  write('_parts/layout/frame.hbs', '# Frame\n{{> @content}}\n');
  write('_parts/partial/signature.hbs', 'Yours, {{> team}}\n');
  write('_parts/partial/team.hbs', 'the team\n');
}

describe('carillon templates push', () => {
  it('shows a plan, makes what the directory says, and has nothing to do after that', async () => {
    writeExample();
    const shown = await templates('push', dir, '--dry-run');
    expect(shown.stdout).toMatch(
      /^\+ partial signature\n\+ partial team\n\+ layout frame\n\+ build-failed\n/m,
    );
    expect(shown.stdout).toContain('4 to make, 0 to change, 0 to delete, 0 as they are');
    expect(await ask('GET', '/v1/templates/build-failed')).toMatchObject({ code: 'template.not_found' });

    expect(await templates('push', dir, '--yes')).toMatchObject({ exitCode: 0, stdout: 'Made 4 changes\n' });
    expect(await ask('GET', '/v1/templates/build-failed')).toMatchObject({
      ...{ name: 'Build failed', group: 'Builds', category: 'general', published_version: 1 },
    });
    expect(await ask('GET', '/v1/templates/build-failed/versions/1')).toMatchObject({
      layout: 'frame',
      variants: expect.arrayContaining([expect.objectContaining({ kind: 'email', locale: 'de', body: '' })]),
    });
    expect((await templates('push', dir)).stdout).toBe('Everything is as the files say (4).\n');
  });

  it('touches only what differs, and says how', async () => {
    writeExample();
    await templates('push', dir, '--yes');
    write(
      'build-failed/default.md',
      '---\ntitle: Build {{number}} broke\n---\n{{errors}} errors {{> signature}}\n',
    );
    write(
      'build-failed/template.json',
      JSON.stringify({ name: 'Build failed', urgent: true, layout: 'frame' }),
    );
    const { stdout } = await templates('push', dir, '--dry-run');
    expect(stdout).toBe(`~ build-failed
    group: "Builds" → ""
    urgent: false → true
    default.md differs in title
    a new version with 2 texts, published

0 to make, 1 to change, 0 to delete, 3 as they are
`);
    await templates('push', dir, '--yes');
    expect(await ask('GET', '/v1/templates/build-failed')).toMatchObject({
      urgent: true,
      published_version: 2,
    });
  });

  it('publishes again what a changed partial stands in, also where an earlier push broke off between the two', async () => {
    writeExample();
    await templates('push', dir, '--yes');
    write('_parts/partial/team.hbs', 'all of us\n');
    await ask('PUT', '/v1/template-parts/partial/team', { source: 'all of us' });
    const { stdout } = await templates('push', dir, '--dry-run');
    expect(stdout).toContain('partial team is newer than the published version');
    await templates('push', dir, '--yes');
    const preview = await ask('POST', '/v1/templates/build-failed/preview', { data: {} });
    expect(preview.text).toContain('all of us');
    expect((await templates('push', dir)).stdout).toContain('Everything is as the files say');
  });

  it('ends with 6 by --check where something differs, and with 0 where nothing does', async () => {
    writeExample();
    expect(await templates('push', dir, '--check')).toMatchObject({ exitCode: 6 });
    await templates('push', dir, '--yes');
    expect(await templates('push', dir, '--check')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('leaves drafts by --draft, and publishes that very draft by the next push', async () => {
    writeExample();
    await templates('push', dir, '--yes', '--draft');
    expect(await ask('GET', '/v1/templates/build-failed')).toMatchObject({
      ...{ published_version: null, latest_version: 1 },
    });
    expect((await templates('push', dir, '--draft')).stdout).toContain('Everything is as');
    await templates('push', dir, '--yes');
    expect(await ask('GET', '/v1/templates/build-failed')).toMatchObject({
      ...{ published_version: 1, latest_version: 1 },
    });
  });

  it('deletes what the directory does not have by --prune alone, and nothing that came with Carillon', async () => {
    writeExample();
    await templates('push', dir, '--yes');
    rmSync(join(dir, 'build-failed'), { recursive: true });
    rmSync(join(dir, '_parts/layout'), { recursive: true });
    expect((await templates('push', dir)).stdout).toContain('Everything is as the files say');
    const { stdout } = await templates('push', dir, '--prune', '--dry-run');
    expect(stdout).toMatch(/^- build-failed\n- layout frame\n\n/);
    await templates('push', dir, '--prune', '--yes');
    expect(parseLines((await templates('list', '--json')).stdout)).toEqual([]);
  });

  it('names the file and the line of a text that does not compile, and goes on from there after that', async () => {
    writeExample();
    write('build-failed/default.md', '---\ntitle: Build\n---\nfirst\n{{#if a}} never ends\n');
    const ran = await templates('push', dir, '--yes');
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toMatch(/build-failed was refused: .* 3 of 4 changes were made before/);
    expect(ran.stderr).toMatch(/build-failed\/default\.md \/body, line 2, column 21: A block is not closed/);
    write('build-failed/default.md', '---\ntitle: Build\n---\nfirst\n');
    expect(await templates('push', dir, '--yes')).toMatchObject({ exitCode: 0 });
    expect(await ask('GET', '/v1/templates/build-failed')).toMatchObject({ published_version: 2 });
  });

  it('changes nothing when nobody can be asked, or a file is wrong, and names every wrong file', async () => {
    writeExample();
    expect(await templates('push', dir)).toMatchObject({ exitCode: 2 });
    write('build-failed/pigeon.md', '---\ntitle: a\n---\n');
    write('build-failed/sms.md', 'no front matter');
    write('other/template.json', '{"nmae": "Other"}');
    const ran = await templates('push', dir, '--yes');
    expect(ran.exitCode).toBe(2);
    for (const text of [
      'pigeon.md: it must be called',
      'sms.md: line 1',
      '`nmae` is none of',
      'other: it has no text',
    ]) {
      expect(ran.stderr).toContain(text);
    }
    expect(await ask('GET', '/v1/templates/build-failed')).toMatchObject({ code: 'template.not_found' });
  });
});

describe('carillon templates pull', () => {
  it('writes what push would make, to the letter', async () => {
    writeExample();
    await templates('push', dir, '--yes');
    const other = join(makeDir(), 'again');
    expect((await templates('pull', other)).stdout).toContain('1 templates and 3 parts');
    expect((await templates('push', other)).stdout).toBe('Everything is as the files say (4).\n');
    for (const file of [
      'build-failed/default.md',
      'build-failed/email.de.md',
      '_parts/partial/signature.hbs',
    ]) {
      expect(readFileSync(join(other, file), 'utf8')).toBe(read(file));
    }
    expect(JSON.parse(readFileSync(join(other, 'build-failed/template.json'), 'utf8'))).toEqual({
      ...{ name: 'Build failed', group: 'Builds', layout: 'frame' },
    });
  });

  it('overwrites and deletes files only when it was told to, and leaves folders of new templates alone', async () => {
    writeExample();
    await templates('push', dir, '--yes');
    write('build-failed/default.md', '---\ntitle: Mine\n---\n');
    write('build-failed/sms.md', '---\ntitle: Mine too\n---\n');
    write('new-one/default.md', '---\ntitle: New\n---\n');
    const unasked = await templates('pull', dir);
    expect(unasked).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('~ build-failed/default.md'),
    });
    expect(read('build-failed/default.md')).toContain('Mine');

    const { stdout } = await templates('pull', dir, '--yes');
    expect(stdout).toContain('- build-failed/sms.md');
    expect(read('build-failed/default.md')).toContain('title: Build {{number}} failed');
    expect(existsSync(join(dir, 'build-failed/sms.md'))).toBe(false);
    expect(existsSync(join(dir, 'new-one/default.md'))).toBe(true);
  });
});
