import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pollUntil } from '@carillon/testkit';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { createInboxWriter, type InboxWriter } from '../../../../services/api/test/inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from '../../../../services/api/test/test-api.ts';
import { runCli } from '../../src/program.ts';
import { makeDir, parseLines, runCommand, type Ran } from './run-command.ts';

let api: TestApi;
let writer: InboxWriter;
let member: Actor;

beforeAll(async () => {
  api = await startTestApi();
  writer = createInboxWriter(api);
});
afterAll(async () => {
  await writer.stop();
  await api.stop();
});
beforeEach(async () => {
  member = await api.makeUser(await api.makeOrganization(), 'member');
});

const environment = (): Record<string, string> => ({ CARILLON_URL: api.url, CARILLON_TOKEN: member.token });
const carillon = (...args: string[]): Promise<Ran> => runCommand(args, { environment: environment() });
const titles = ({ stdout }: Ran) => parseLines<{ title: string }>(stdout).map(({ title }) => title);

describe('carillon inbox in a pipe', () => {
  it('lists what is there, newest first, and tidies it up', async () => {
    const [first, second] = [
      await writer.place(member, { title: 'First' }),
      await writer.place(member, { title: 'Second' }),
    ];
    expect(titles(await carillon('--json', 'inbox'))).toEqual(['Second', 'First']);
    expect((await carillon('inbox', 'read', first)).stdout).toBe('1 changed, 1 unread\n');
    expect(titles(await carillon('--json', 'inbox', '--status', 'unread'))).toEqual(['Second']);
    await carillon('inbox', 'archive', second);
    expect((await carillon('inbox')).stdout).not.toContain('Second');
    expect((await carillon('inbox', 'read-all')).stdout).toBe('0 changed, 0 unread\n');
    const more = await carillon('inbox', '--status', 'archived', '--limit', '1');
    expect(more).toMatchObject({ stderr: '', stdout: expect.stringContaining('Second') });
  });

  it('says that there are more than it shows', async () => {
    for (const title of ['a', 'b', 'c']) await writer.place(member, { title });
    const ran = await carillon('inbox', '--limit', '2');
    expect(ran.stderr).toContain('There are more');
    expect(titles(await carillon('--json', 'inbox', '--all'))).toEqual(['c', 'b', 'a']);
  });

  it('prints each item as it arrives, and ends after as many as were asked for', async () => {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const said: string[] = [];
    stderr.on('data', (chunk) => said.push(String(chunk)));
    const lines: string[] = [];
    stdout.on('data', (chunk) => lines.push(String(chunk)));
    const surroundings = { ...{ environment: environment(), homeDir: makeDir(), workDir: makeDir() } };
    const stdin = new PassThrough();
    const ended = runCli(['inbox', '--follow', '--count', '2'], {
      ...{ ...surroundings, stdin, stdout, stderr, now: () => new Date() },
    });
    await pollUntil(() => said.join('').includes('Waiting'));
    await writer.place(member, { title: 'One', body: 'with a body' });
    await writer.place(member, { title: 'Two' });
    expect(await ended).toBe(0);
    expect(lines.join('')).toMatch(/ {2}One – with a body\n.* {2}Two\n$/);
  });

  it('ends with 4 when the token is refused while it follows', async () => {
    member = { ...member, token: '0123456789-012345678901234567890123456789012' };
    expect(await carillon('inbox', '--follow')).toMatchObject({ exitCode: 4 });
  });
});

/** A terminal that a person sits at. */
function openTerminal() {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => raw.push(isRaw),
  });
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 20 });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  const raw: boolean[] = [];
  let written = '';
  stdout.on('data', (chunk) => (written += String(chunk)));
  const lastFrame = (): string => stripVTControlCharacters(written.split('\u001b[H').at(-1) ?? '');
  return {
    ...{ stdin, stdout, stderr, raw, written: () => written, lastFrame },
    press: (keys: string) => void stdin.write(keys),
    shows: (text: string | RegExp) =>
      pollUntil(() => (typeof text === 'string' ? lastFrame().includes(text) : text.test(lastFrame()))),
  };
}

describe('carillon inbox on a terminal', () => {
  let terminal: ReturnType<typeof openTerminal>;
  let ended: Promise<number>;

  beforeEach(async () => {
    terminal = openTerminal();
    await writer.place(member, { title: 'Older', body: 'line one\nline two' });
    await writer.place(member, { title: 'Newer' });
    ended = runCli(['inbox'], {
      ...{ environment: environment(), homeDir: makeDir(), workDir: makeDir(), now: () => new Date() },
      ...terminal,
    });
    await terminal.shows(/● live[^]*Newer[^]*Older/);
  });
  afterEach(async () => {
    terminal.press('q');
    await ended;
  });

  it('shows what arrives without a key being pressed, and gives the terminal back at the end', async () => {
    await terminal.shows(/❯ ● +now +Newer\s+● +now +Older/);
    await writer.place(member, { title: 'Arrived' });
    await terminal.shows(/● +now +Arrived\s/);
    await terminal.shows('3 unread');
    terminal.press('q');
    expect(await ended).toBe(0);
    expect(terminal.raw).toEqual([true, false]);
    expect(terminal.written().endsWith('\u001b[?1049l')).toBe(true);
  });

  it('reads, opens, archives and brings back by keys', async () => {
    terminal.press('r');
    await terminal.shows('1 unread');
    terminal.press('j\r');
    await terminal.shows('line two');
    await terminal.shows('0 unread');
    terminal.press('a');
    await terminal.shows('Archived');
    await terminal.shows(/^(?![^]*Older)/);
    terminal.press('\t\t');
    await terminal.shows(/\[archived\][^]*Older/);
    terminal.press('a');
    await terminal.shows('Nothing here.');
    expect(titles(await carillon('--json', 'inbox'))).toEqual(['Newer', 'Older']);
  });

  it('dismisses, marks all as read, and says when a list is empty', async () => {
    terminal.press('d');
    await terminal.shows('Dismissed');
    await terminal.shows('1 unread');
    terminal.press('R');
    await terminal.shows('0 unread');
    terminal.press('\t');
    await terminal.shows('All read.');
  });
});
